"""The organisation's own limits: a change is a new version, and everything is judged by the newest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from inventory.free_text import HoldsValue, refuse_values
from inventory.limit_rows import LimitRow
from inventory.models import Exemption, PolicyVersion, Principal, Secret
from posture.accounts.models import Team, User
from posture.accounts.visibility import can_act_for


class PolicyRefused(Exception):
    """A change that may not be made; the message says what to do instead."""


class PolicyChanged(PolicyRefused):
    """Somebody else was first: the same change may be right once one has looked at theirs."""


def current_policy() -> PolicyVersion | None:
    """Return the newest version; None while only the defaults apply."""
    return PolicyVersion.objects.first()


def change_policy(
    *,
    rows: Sequence[LimitRow],
    unused_human_days: int,
    unused_machine_days: int,
    most_readers: Mapping[str, int],
    note: str,
    by: User,
    based_on: int,
) -> PolicyVersion:
    """Make a new version of the policy, and have every secret judged anew.

    `based_on` is the number of the version that the person changed, 0 for the defaults.

    Raises:
        PolicyRefused: somebody else changed it meanwhile, or the person may not.
    """
    if not by.configures:
        raise PolicyRefused("Security engineers change policies. Ask one of them.")
    _refuse_values(note)
    with transaction.atomic():
        newest = PolicyVersion.objects.select_for_update().order_by("-number").first()
        number = newest.number if newest else 0
        if number != based_on:
            raise PolicyChanged(f"Version {number} was made meanwhile. Look at it, then make your change again.")
        made, is_new = PolicyVersion.objects.get_or_create(
            number=number + 1,
            defaults={
                "rows": [row.as_json() for row in rows],
                "unused_human_days": unused_human_days,
                "unused_machine_days": unused_machine_days,
                "most_readers": dict(most_readers),
                "note": note,
                "made_by": by,
            },
        )
        if not is_new:
            raise PolicyChanged(f"Version {made.number} was made meanwhile. Look at it, then make your change again.")
        Secret.objects.update(policy_due=True)
        # Also those that own no secret: windows of dormancy and ages of what is exposed are the policy's too.
        Team.objects.update(score_due=True)
        return made


def ask_exemption(
    *, of: str, thing: Secret | Principal, reason: str, ends_on: date, by: User, today: date | None = None
) -> Exemption:
    """Ask that a secret or a principal is left out of a policy for a time; a second person decides.

    Raises:
        PolicyRefused: the person does not act for its team, or the end makes no sense.
    """
    today = today or timezone.localdate()
    if not can_act_for(by, thing.team_id):
        raise PolicyRefused("Only those who act for its team can ask for an exemption.")
    if not today < ends_on <= date(today.year + 1, today.month, min(today.day, 28)):
        raise PolicyRefused("Choose a last day within the next year: an exemption ends by itself.")
    _refuse_values(reason)
    holds = {"secret": thing} if isinstance(thing, Secret) else {"principal": thing}
    with transaction.atomic():
        # Two who ask at once take turns, so that the second sees what the first made.
        type(thing)._default_manager.select_for_update().get(pk=thing.pk)
        if Exemption.objects.filter(of=of, ended_at=None, ends_on__gte=today, **holds).exists():
            raise PolicyChanged("There is one already. End it first, or wait for its decision.")
        return Exemption.objects.create(of=of, reason=reason.strip(), ends_on=ends_on, asked_by=by, **holds)


def _refuse_values(text: str) -> None:
    try:
        refuse_values(text)
    except HoldsValue as error:
        raise PolicyRefused(str(error)) from error


def approve_exemption(*, exemption: Exemption, by: User) -> None:
    """Approve an exemption that somebody else asked for.

    Raises:
        PolicyRefused: the person may not decide about it, or it was decided.
    """
    if not by.sees_everything:
        raise PolicyRefused("Security leaders and engineers decide about exemptions.")
    if exemption.asked_by_id == by.pk:
        raise PolicyRefused("You asked for it: a second person decides.")
    with transaction.atomic():
        changed = Exemption.objects.waiting().filter(pk=exemption.pk)
        if not changed.update(approved_by=by, approved_at=timezone.now()):
            raise PolicyChanged("It was decided or ended meanwhile.")
        _apply(exemption)


def end_exemption(*, exemption: Exemption, by: User) -> None:
    """Refuse or end an exemption before its last day; whoever asked for it may take it back.

    Raises:
        PolicyRefused: the person may not, or it has ended.
    """
    if not by.sees_everything and exemption.asked_by_id != by.pk:
        raise PolicyRefused("Security leaders and engineers end exemptions, and whoever asked for one.")
    with transaction.atomic():
        if not Exemption.objects.filter(pk=exemption.pk, ended_at=None).update(ended_by=by, ended_at=timezone.now()):
            raise PolicyChanged("It has ended already.")
        _apply(exemption)


def _apply(exemption: Exemption) -> None:
    """Write what is in force to the thing itself, so that lists need not ask."""
    things: dict[str, Any] = {"secret": exemption.secret_id, "principal": exemption.principal_id}
    name, pk = next((name, pk) for name, pk in things.items() if pk is not None)
    of = Exemption.Of.ROTATION if name == "secret" else Exemption.Of.RIGHTS
    ends = Exemption.objects.in_force().filter(**{name: pk}, of=of).values_list("ends_on", flat=True)
    model = Secret if name == "secret" else Principal
    model.objects.filter(pk=pk).update(exempt_until=max(ends, default=None))
    team = model.objects.values_list("team", flat=True).get(pk=pk)
    Team.objects.filter(pk=team).update(score_due=True)
