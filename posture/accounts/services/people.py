"""Who is here, what they may do, and in which teams. Roles change by these services only."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from posture.accounts.models import Membership, SignInLink, Team, User
from posture.accounts.services.refusals import NotAllowed, Refused
from posture.accounts.services.sign_in import drop_links, make_sign_in_link
from posture.accounts.visibility import can_act_for


def add_person(*, email: str, name: str = "", role: str = User.Role.MEMBER, by: User | None) -> User:
    """Make a person who signs in by link; `by` is an engineer, or None for the machine's operator.

    Raises:
        NotAllowed: somebody other than an engineer asks.
        Refused: the e-mail is taken.
    """
    with transaction.atomic():
        _lock_engineers(by)
        try:
            with transaction.atomic():
                person: User = User.objects.create_user(email, name=name, role=User.Role(role))
        except IntegrityError as error:
            raise Refused(
                f"{email} is here already. Open their page under Settings, People to change what they may do.",
                field="email",
            ) from error
    return person


def invite(
    *,
    email: str,
    name: str = "",
    role: str = User.Role.MEMBER,
    team: Team | None = None,
    team_role: str = Membership.Role.DEVELOPER,
    by: User | None,
) -> str:
    """Make a person and return their invitation link, to be shown once to who invited them.

    Raises:
        NotAllowed: somebody other than an engineer invites.
        Refused: the e-mail is taken.
    """
    with transaction.atomic():
        person = add_person(email=email, name=name, role=role, by=by)
        if team is not None:
            set_membership(team=team, user=person, role=team_role, by=by)
        return make_sign_in_link(user=person, purpose=SignInLink.Purpose.INVITATION, by=by)


def rename_person(*, user: User, name: str) -> None:
    """Change one's own name."""
    user.name = name
    user.save(update_fields=["name"])


def set_role(*, user: User, role: str, by: User | None) -> None:
    """Give a person another role over the whole organisation; it holds from their next request on.

    Raises:
        NotAllowed: somebody other than an engineer asks.
        Refused: it is one's own role, or the last engineer's.
    """
    role = User.Role(role)
    with transaction.atomic():
        engineers = _lock_engineers(by)
        if by is not None and by.pk == user.pk:
            raise Refused("Nobody changes their own role. Ask another security engineer.", field="role")
        if role != User.Role.ENGINEER:
            _keep_one_engineer(engineers, user)
        User.objects.filter(pk=user.pk).update(role=role)
    user.role = role


def disable_person(*, user: User, by: User | None) -> None:
    """Shut a person out at once: sessions, API tokens and links end. Memberships stay for the day they return.

    Raises:
        NotAllowed: somebody other than an engineer asks.
        Refused: it is oneself, or the last engineer.
    """
    with transaction.atomic():
        engineers = _lock_engineers(by)
        if by is not None and by.pk == user.pk:
            raise Refused("Nobody disables themselves. Ask another security engineer.")
        _keep_one_engineer(engineers, user)
        User.objects.filter(pk=user.pk).update(is_active=False, session_generation=F("session_generation") + 1)
        user.api_tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
        drop_links(user)
    user.is_active = False


def enable_person(*, user: User, by: User | None) -> None:
    """Let a person in again; they need a new link, and make new tokens.

    Raises:
        NotAllowed: somebody other than an engineer asks.
    """
    with transaction.atomic():
        _lock_engineers(by)
        User.objects.filter(pk=user.pk).update(is_active=True)
    user.is_active = True


def set_membership(*, team: Team, user: User, role: str, by: User | None) -> Membership:
    """Put a person into a team, or change their role in it.

    Engineers give any role. Who acts for the team adds developers, and changes nothing about its leads.

    Raises:
        NotAllowed: the right is missing.
        Refused: it would make oneself a lead, or the person is disabled.
    """
    role = Membership.Role(role)
    with transaction.atomic():
        current = Membership.objects.select_for_update().filter(team=team, user=user).first()
        _may_change(team, {role, current.role if current else role}, by)
        if role == Membership.Role.LEAD and by is not None and by.pk == user.pk:
            raise Refused("Nobody makes themselves a lead. Ask another security engineer.", field="role")
        if not user.is_active:
            raise Refused(f"{user.email} is disabled. A security engineer enables people under Settings, People.")
        membership, _ = Membership.objects.update_or_create(team=team, user=user, defaults={"role": role})
    return membership


def add_member(*, team: Team, email: str, role: str, by: User | None) -> Membership:
    """Put a person who is here already into a team, by e-mail.

    Raises:
        NotAllowed: the right is missing.
        Refused: nobody active has the e-mail, or as `set_membership` says.
    """
    _may_change(team, {Membership.Role(role)}, by)  # Before the look-up, which would tell who is here.
    person = User.objects.active().filter(email=email.strip().lower()).first()
    if person is None:
        raise Refused("Nobody here has this e-mail. A security engineer invites people.", field="email")
    return set_membership(team=team, user=person, role=role, by=by)


def remove_membership(*, team: Team, user: User, by: User | None) -> None:
    """Take a person out of a team; leads only by engineers.

    Raises:
        NotAllowed: the right is missing.
    """
    with transaction.atomic():
        current = Membership.objects.select_for_update().filter(team=team, user=user).first()
        if current is not None:
            _may_change(team, {current.role}, by)
            current.delete()


def _may_change(team: Team, roles: set[str], by: User | None) -> None:
    if by is None or by.configures:
        return
    if not can_act_for(by, team.pk):
        raise NotAllowed("Only the team's leads and security engineers change who is in it.")
    if roles != {Membership.Role.DEVELOPER}:
        raise NotAllowed("Only security engineers change who leads a team.")


def _lock_engineers(by: User | None) -> set[int]:
    """Return the active engineers, locked, after making sure that `by` is still one of them."""
    locked = User.objects.select_for_update().active().filter(role=User.Role.ENGINEER).order_by("pk")
    engineers = set(locked.values_list("pk", flat=True))
    if by is not None and by.pk not in engineers:
        raise NotAllowed("Only security engineers configure people.")
    return engineers


def _keep_one_engineer(engineers: set[int], user: User) -> None:
    if engineers == {user.pk}:
        raise Refused(f"{user.name} is the last security engineer. Make somebody else an engineer first.", field="role")
