"""Working out what each credential opens, from everything the inventory knows of it.

A credential's own severity comes from every place and is for those who see everything. Each exposure keeps what its
team is told: the same, except of a weak value, where only the team's own places count. Else a developer could commit
guesses and learn from a severity that another team's production holds one of them (SECURITY W27).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from inventory.blast_radius import Walk, walk
from inventory.blast_stored import StoredFacts
from inventory.detection.provider import formats
from inventory.models import Credential, Exposure, Holding, Secret, Version
from inventory.models.assets import Visibility
from inventory.scored import score_again
from inventory.services.spread import work_out_spread
from inventory.severity import Impact, Rated, Validity, rate

BATCH = 500
PRODUCTION = "production"
_NOWHERE = Walk()


@dataclass
class _Known:
    """What the inventory, or one team's part of it, holds about one credential."""

    test_paths: list[bool] = field(default_factory=list)
    environments: set[str] = field(default_factory=set)
    visibilities: set[str] = field(default_factory=set)
    versions: set[str] = field(default_factory=set)
    introduced: list[datetime] = field(default_factory=list)


@dataclass
class _Part:
    """One team's exposures of a weak value; `rule` found the first of them."""

    rule: str
    exposures: list[int] = field(default_factory=list)
    known: _Known = field(default_factory=_Known)


# Credential and team; no team owns what nobody owns, which is a part too.
_Parts = dict[tuple[int, int | None], _Part]


def work_out_severities() -> int:
    """Rate every credential that is due, and mark the teams whose score it touches; returns how many."""
    rated, facts = 0, StoredFacts()
    while True:
        with transaction.atomic():
            batch = list(Credential.objects.filter(severity_due=True).order_by("pk")[:BATCH])
            if not batch:
                return rated
            _rate(batch, facts)
            work_out_spread([row.pk for row in batch])
            held = Secret.objects.filter(versions__holdings__credential__in=batch)
            score_again(Exposure.objects.filter(credential__in=batch), held)
        rated += len(batch)


def _rate(batch: list[Credential], facts: StoredFacts) -> None:
    numbers = [row.pk for row in batch]
    known = _known(numbers)
    opened = {pk: walk([pk], facts) for pk in facts.learn(numbers)}
    shared: dict[Rated, list[int]] = defaultdict(list)
    for row in batch:
        found = rate(_impact(row.rule, row, known[row.pk], opened.get(row.pk, _NOWHERE)))
        row.severity, row.severity_reason, row.severity_due = found.severity.value, found.reason[:500], False
        row.introduced_at, row.incident_due = min(known[row.pk].introduced, default=None), True
        if not row.weak:
            shared[found].append(row.pk)
    told = ["severity", "severity_reason", "severity_due", "introduced_at", "incident_due"]
    Credential.objects.bulk_update(batch, told)
    for found, credentials in shared.items():
        _tell(found, credential__in=credentials)
    weak = {row.pk: row for row in batch if row.weak}
    own: dict[Rated, list[int]] = defaultdict(list)
    for (credential, _), part in _parts(weak).items():
        own[rate(_impact(part.rule, weak[credential], part.known))] += part.exposures
    for found, exposures in own.items():
        for start in range(0, len(exposures), BATCH):
            _tell(found, pk__in=exposures[start : start + BATCH])


def _tell(found: Rated, **which: list[int]) -> None:
    """Write a severity on exposures that do not have it yet."""
    told = {"severity": found.severity.value, "severity_reason": found.reason[:500]}
    Exposure.objects.filter(**which).exclude(**told).update(**told)


def _known(credentials: list[int]) -> dict[int, _Known]:
    known: dict[int, _Known] = defaultdict(_Known)
    places = Exposure.objects.present().filter(credential__in=credentials)
    for pk, test, introduced, environment, visibility in places.values_list(
        "credential", "in_test_path", "first_at", "asset__environment", "asset__visibility"
    ):
        _stands(known[pk], test, introduced, environment, visibility)
    for pk, *held in Holding.objects.filter(credential__in=credentials).values_list("credential", *_OF_HOLDINGS):
        _is_held(known[pk], *held)
    return known


def _parts(credentials: Iterable[int]) -> _Parts:
    """Return what each team's own places say of these values, also where they are gone from all of them."""
    parts: _Parts = {}
    places = Exposure.objects.filter(credential__in=list(credentials)).order_by("pk")
    for pk, credential, team, rule, gone, test, introduced, environment, visibility in places.values_list(
        "pk",
        "credential",
        "team",
        "rule",
        "gone_at",
        "in_test_path",
        "first_at",
        "asset__environment",
        "asset__visibility",
    ):
        part = parts.setdefault((credential, team), _Part(rule))
        part.exposures.append(pk)
        if gone is None:
            _stands(part.known, test, introduced, environment, visibility)
    rows = Holding.objects.filter(credential__in=list(credentials))
    for credential, team, *held in rows.values_list("credential", Holding.team_paths[0], *_OF_HOLDINGS):
        if (credential, team) in parts:
            _is_held(parts[credential, team].known, *held)
    return parts


def _stands(known: _Known, test: bool, introduced: datetime, environment: str, visibility: str) -> None:
    known.introduced.append(introduced)
    known.test_paths.append(test)
    known.environments.add(environment)
    known.visibilities.add(visibility)


_OF_HOLDINGS = (
    *("version__state", "version__secret__environment"),
    *("version__secret__gone_at", "version__secret__asset__gone_at"),
)


def _is_held(known: _Known, state: str, environment: str, *gone_at: datetime | None) -> None:
    # What a store has no more it does not hand out: it was a secret, and is no current one.
    was_current = state == Version.State.CURRENT and any(gone_at)
    known.versions.add(Version.State.SUPERSEDED if was_current else state)
    known.environments.add(environment)


def _impact(rule: str, credential: Credential, known: _Known, opened: Walk = _NOWHERE) -> Impact:
    _, form = formats().get(rule, (None, None))
    environments = known.environments - {""}
    # Whom a value lets in may be let into more than the places where it stands.
    let_into = known.environments | opened.environments
    valid = {"valid": Validity.VALID, "invalid": Validity.INVALID}.get(credential.validity, Validity.UNKNOWN)
    return Impact(
        public_by_design=form.public_by_design if form else None,
        test_path=all(known.test_paths) if known.test_paths else None,
        known_to_vault=Version.State.CURRENT in known.versions,
        known_otherwise=Version.State.SUPERSEDED in known.versions,
        validity=valid,
        accepted_before=credential.accepted_at is not None,
        production=_any(let_into - {""}, PRODUCTION, complete="" not in let_into),
        admin=opened.is_powerful_in(PRODUCTION) if opened.steps else None,
        public=_any(known.visibilities, Visibility.PUBLIC, complete=Visibility.UNKNOWN not in known.visibilities),
        cross_environment=len(environments) > 1 if environments else None,
        organisation_wide=form.opens_organisation if form else None,
    )


def _any(values: set[str], wanted: str, *, complete: bool) -> bool | None:
    """Yes when it is among them; no only when nothing else could be it; else not known."""
    if wanted in values:
        return True
    return False if values and complete else None
