"""Working out what each credential opens, from everything the inventory knows of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from inventory.detection.provider import formats
from inventory.models import Credential, Exposure, Holding, Version
from inventory.models.assets import Visibility
from inventory.severity import Impact, Validity, rate
from posture.accounts.models import Team

BATCH = 500
PRODUCTION = "production"


@dataclass
class _Known:
    """What the inventory holds about one credential."""

    test_paths: list[bool] = field(default_factory=list)
    environments: set[str] = field(default_factory=set)
    visibilities: set[str] = field(default_factory=set)
    versions: set[str] = field(default_factory=set)
    introduced: list[datetime] = field(default_factory=list)


def work_out_severities() -> int:
    """Rate every credential that is due, and mark the teams whose score it touches; returns how many."""
    rated = 0
    while True:
        with transaction.atomic():
            batch = list(Credential.objects.filter(severity_due=True).order_by("pk")[:BATCH])
            if not batch:
                return rated
            known = _known([row.pk for row in batch])
            for row in batch:
                found = rate(_impact(row, known[row.pk]))
                row.severity, row.severity_reason, row.severity_due = found.severity.value, found.reason[:500], False
                row.introduced_at = min(known[row.pk].introduced, default=None)
            Credential.objects.bulk_update(batch, ["severity", "severity_reason", "severity_due", "introduced_at"])
            Team.objects.filter(exposures__credential__in=batch).update(score_due=True)
        rated += len(batch)


def _known(credentials: list[int]) -> dict[int, _Known]:
    known: dict[int, _Known] = defaultdict(_Known)
    places = Exposure.objects.present().filter(credential__in=credentials)
    for pk, test, introduced, environment, visibility in places.values_list(
        "credential", "in_test_path", "first_at", "asset__environment", "asset__visibility"
    ):
        known[pk].introduced.append(introduced)
        known[pk].test_paths.append(test)
        known[pk].environments.add(environment)
        known[pk].visibilities.add(visibility)
    for pk, state, environment in Holding.objects.filter(credential__in=credentials).values_list(
        "credential", "version__state", "version__secret__environment"
    ):
        known[pk].versions.add(state)
        known[pk].environments.add(environment)
    return known


def _impact(credential: Credential, known: _Known) -> Impact:
    _, form = formats().get(credential.rule, (None, None))
    environments = known.environments - {""}
    valid = {"valid": Validity.VALID, "invalid": Validity.INVALID}.get(credential.validity, Validity.UNKNOWN)
    return Impact(
        public_by_design=form.public_by_design if form else None,
        test_path=all(known.test_paths) if known.test_paths else None,
        known_to_vault=Version.State.CURRENT in known.versions,
        known_otherwise=Version.State.SUPERSEDED in known.versions,
        validity=valid,
        production=_any(environments, PRODUCTION, complete="" not in known.environments),
        admin=None,
        public=_any(known.visibilities, Visibility.PUBLIC, complete=Visibility.UNKNOWN not in known.visibilities),
        cross_environment=len(environments) > 1 if environments else None,
        organisation_wide=form.opens_organisation if form else None,
    )


def _any(values: set[str], wanted: str, *, complete: bool) -> bool | None:
    """Yes when it is among them; no only when nothing else could be it; else not known."""
    if wanted in values:
        return True
    return False if values and complete else None
