"""What a first start sets up: the demo organisation, or the folder of repositories that the person named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from inventory.collector import CollectorError
from inventory.declaration import Declaration, RuleEntry, SourceEntry, TeamEntry, read_interval
from inventory.models import Run, Source
from inventory.services import request_run, source_for_folder
from inventory.services.declaration import reconcile
from posture.accounts.models import Membership, User
from posture.accounts.services import make_sign_in_link
from posture.demo.description import DemoError, DemoOrganisation, Role
from posture.demo.organisation import describe
from posture.demo.repositories import build
from posture.demo_vault import VAULT_SOURCE

OWNER = "admin@localhost"
Links = list[tuple[str, str]]


def prepare(repositories: Path | None, demo: bool, say: Callable[[str], None]) -> Links:
    """Set up what is missing and return who may sign in with which one-time link.

    A second start keeps what is there; a named folder is added if it is new, and collected in any case. Links are
    made for the demo's people and the first administrator only: nobody else's waiting link is replaced by a start.

    Raises:
        CommandError: the folder or the demo cannot be set up; it says what to do.
    """
    empty = not User.objects.exists()
    if repositories is not None:
        if Source.objects.filter(config__path=str(demo_folder())).exists():
            raise CommandError(
                f"{settings.DATA_DIR} holds the demo organisation, and your repositories should not be mixed into it. "
                "Set POSTURE_DATA_DIR to another folder and start again.",
                returncode=2,
            )
        _add_folder(repositories, say)
    elif empty and demo:
        set_up_demo(say)
    if not User.objects.exists():
        User.objects.create_user(OWNER, name="Administrator", role=User.Role.ENGINEER)
    return sign_in_links()


def _add_folder(folder: Path, say: Callable[[str], None]) -> None:
    try:
        source = source_for_folder(folder)
    except CollectorError as error:
        raise CommandError(str(error), returncode=2) from error
    request_run(source=source, trigger=Run.Trigger.COMMAND)
    say(f"Collecting {source.name}. The pages fill while it comes in.")


def set_up_demo(say: Callable[[str], None]) -> DemoOrganisation:
    """Make the demo organisation's repositories and write its people, teams, rules and sources.

    Raises:
        CommandError: the database already holds another organisation, or the repositories cannot be made.
    """
    say("Making the demo organisation: eight teams, some thirty repositories, months of history.")
    try:
        organisation = build(Path(settings.DATA_DIR) / "demo")
    except DemoError as error:
        raise CommandError(str(error), returncode=2) from error
    people = {person.email: person for person in organisation.people}
    people |= {member.email: member for team in organisation.teams for member in team.members}
    if (
        User.objects.exclude(email__in=people).exists()
        or Source.objects.exclude(name__in=[*(source.name for source in organisation.sources), VAULT_SOURCE]).exists()
    ):
        raise CommandError(
            "This database already holds an organisation. Set POSTURE_DATA_DIR to an empty folder for the demo.",
            returncode=2,
        )
    for person in organisation.people:
        if not User.objects.filter(email=person.email).exists():
            User.objects.create_user(person.email, name=person.name, role=person.role.value)
    reconcile(declaration=declare(organisation), prune=False, keep=True)
    for email, person in people.items():
        User.objects.filter(email=email).update(name=person.name)
    return organisation


def declare(organisation: DemoOrganisation) -> Declaration:
    """Return the demo organisation in the words of `apply`."""
    return Declaration(
        teams=tuple(
            TeamEntry(
                team.slug,
                team.name,
                team.parent,
                team.handles,
                {member.email: "lead" if member.role is Role.LEAD else "developer" for member in team.members},
            )
            for team in organisation.teams
        ),
        ownership=tuple(
            RuleEntry(rule.match, rule.team or None, rule.tier or "", rule.environment or "", rule.visibility or "")
            for rule in organisation.rules
        ),
        sources=tuple(
            SourceEntry(source.name, source.kind, source.config, read_interval(source.interval, source.name), "")
            for source in organisation.sources
        ),
    )


def demo_folder() -> Path:
    """Return where the demo organisation's repositories lie."""
    return describe(Path(settings.DATA_DIR) / "demo").root


def sign_in_links() -> Links:
    """Return a one-time link for one person of each kind of view in the demo, else for the first administrator."""
    organisation = describe(Path(settings.DATA_DIR) / "demo")
    people = [person.email for person in organisation.people]
    people += [member.email for team in organisation.teams for member in team.members]
    active = User.objects.active().filter(email__in=[*people, OWNER])
    lead = Membership.objects.filter(role=Membership.Role.LEAD, user__in=active, user__role=User.Role.MEMBER)
    developer = Membership.objects.filter(role=Membership.Role.DEVELOPER, user__in=active, user__role=User.Role.MEMBER)
    views = [
        ("Security leader", active.filter(role=User.Role.LEADER).first()),
        ("Security engineer", active.filter(role=User.Role.ENGINEER).first()),
        ("Team lead", _person(lead.order_by("pk").first())),
        ("Developer", _person(developer.order_by("pk").first())),
    ]
    return [
        (f"{label}, {user.name}" if user.email != OWNER else label, make_sign_in_link(user=user))
        for label, user in views
        if user is not None
    ]


def _person(membership: Membership | None) -> User | None:
    return membership.user if membership else None
