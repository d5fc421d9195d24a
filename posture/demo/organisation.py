"""Halden, the invented company of the demo: its teams, its people and who owns what by name."""

from __future__ import annotations

from pathlib import Path

from posture.demo.decoys import DECOYS
from posture.demo.description import Decoy, DemoOrganisation, OwnershipRule, Person, Planted, Role, Source, Team
from posture.demo.shelf import SHELF
from posture.demo.stories import STORIES

SLUG = "halden"


def email_of(name: str) -> str:
    """Return the address of a person of the demo."""
    return f"{name.lower().replace(' ', '.')}@halden.example"


def _team(slug: str, name: str, parent: str | None, people: str, *, champion: bool = True) -> Team:
    """Make a team of comma-separated people; the first leads, the second is the security champion."""
    names = people.split(", ")
    members = tuple(
        Person(each, email_of(each), Role.LEAD if place == 0 else Role.DEVELOPER, champion and place == 1)
        for place, each in enumerate(names)
    )
    return Team(slug, name, parent, (f"@{SLUG}/{slug}",), members)


PEOPLE = (
    Person("Ingrid Dahl", email_of("Ingrid Dahl"), Role.LEADER),
    Person("Pavel Novak", email_of("Pavel Novak"), Role.ENGINEER),
    Person("Yara Costa", email_of("Yara Costa"), Role.ENGINEER),
)

TEAMS = (
    _team("payments", "Payments", None, "Sofia Berg, Amir Haddad, Jonas Vik, Lena Maurer, Tomas Ek"),
    _team("checkout", "Checkout", "payments", "Clara Moreau, Ben Okafor, Nina Wolf, Hugo Lund"),
    _team("logistics", "Logistics", None, "Sofia Lind, Marek Zeman, Ola Brandt, Priya Nair"),
    _team("platform", "Platform", None, "Mira Kos, Daniel Frost, Aiko Mori, Petra Hahn, Sam Doyle"),
    _team("data", "Data", "platform", "Erik Solberg, Fatima Rahal, Luca Conti, Hanna Toth"),
    _team("identity", "Identity", "platform", "Greta Nyman, Omar Said, Julia Kern"),
    _team("mobile", "Mobile", None, "Leo Fischer, Ines Duarte, Kai Virtanen, Zoe Marsh"),
    _team("marketing-sites", "Marketing sites", None, "Rosa Pinto, Anton Beck, Elin Strand", champion=False),
)

RULES = (
    OwnershipRule("repository:payments-*", "payments", tier="critical", environment="production"),
    OwnershipRule("repository:checkout-*", "checkout"),
    OwnershipRule(
        "repository:route-planner-sdk", "logistics", tier="high", environment="production", visibility="public"
    ),
    OwnershipRule("repository:route-planner", "logistics", tier="high", environment="production"),
    OwnershipRule("repository:warehouse-*", "data"),
    OwnershipRule("repository:mobile-*", "mobile"),
    OwnershipRule("repository:platform-*", "platform", tier="critical", environment="production"),
    OwnershipRule("repository:identity-*", "identity", tier="high", visibility="restricted"),
    OwnershipRule("repository:brand-site", "marketing-sites", tier="low", visibility="public"),
    OwnershipRule("repository:campaign-*", "marketing-sites", tier="low"),
    # What the vault holds, by its path; the platform team keeps what names no team, but for the first store of all.
    OwnershipRule("secret:kv-prod/payments/**", "payments", tier="critical"),
    OwnershipRule("secret:kv-prod/platform/**", "platform", tier="critical"),
    *(OwnershipRule(f"secret:kv-*/{team.slug}/**", team.slug) for team in TEAMS),
    *(
        OwnershipRule(f"secret:access/auth/approle/role/{team.slug}-*/**", team.slug, environment="production")
        for team in TEAMS
    ),
    *(OwnershipRule(f"principal:{team.slug}-*/*", team.slug) for team in TEAMS),
    *(OwnershipRule(f"principal:{team.slug}-*", team.slug) for team in TEAMS),
    *(OwnershipRule(f"principal:{team.slug}", team.slug) for team in TEAMS),
    OwnershipRule("secret:database/*/warehouse-*", "data"),
    OwnershipRule("mount:kv-prod", "platform", tier="high", environment="production"),
    OwnershipRule("mount:kv-staging", "platform", environment="staging"),
    OwnershipRule("mount:kv-dev", "platform", environment="development"),
    OwnershipRule("mount:pki", "platform", environment="production"),
    OwnershipRule("mount:transit", "platform", environment="production"),
    OwnershipRule("mount:database", "platform", environment="production"),
    OwnershipRule("access:access", "platform"),
)
"""All other repositories have their team from CODEOWNERS, or nobody."""


def describe(folder: Path) -> DemoOrganisation:
    """Return the organisation whose repositories lie, or will lie, below `folder`."""
    root = folder / SLUG
    return DemoOrganisation(
        slug=SLUG,
        name="Halden",
        root=root,
        people=PEOPLE,
        teams=TEAMS,
        rules=RULES,
        repositories=tuple(plan.repository for plan in SHELF),
        sources=(Source("Halden repositories", "repositories", {"path": str(root)}, "15m"),),
        planted=tuple(
            Planted(story.repository, story.path, slot.kind, story.where, slot.value)
            for story in STORIES
            for slot in story.slots.values()
        ),
        decoys=tuple(Decoy(each.repository, each.path, each.reason) for each in DECOYS),
    )
