"""What one viewer is told of credentials: from their own places alone (SECURITY W27).

A credential's row says what everybody's places say together: its severity, its dates, the format that found it first,
and by its number which of several was known first. Whoever does not see everything is told instead what the exposures
they see say, or they could commit guesses and learn which of them somebody else holds. Pages, filters, orders, charts
and the API all read the columns made here, so that what is hidden is not filtered or sorted by either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from inventory.detection.provider import formats
from inventory.models import Credential, Exposure, Holding
from inventory.models.secrets import Severity
from posture.accounts.models import User
from posture.accounts.visibility import visible

# What is told of a weak value that only a store of the viewer's holds: nothing that found it elsewhere.
STORED_RULE, STORED_KIND, STORED_PROVIDER = "stored-secret", "generic-secret", ""
STORED_SEVERITY, STORED_REASON = Severity.HIGH, "A store holds it."
# Above every exposure's number: what only stores hold is listed after what is exposed.
_STORED = 2**62


@dataclass(frozen=True)
class Form:
    """What a rule says of the credentials that it finds."""

    provider: str
    kind: str
    confidence: str


def form_of(rule: str, otherwise: Credential) -> Form:
    """Return what the rule says; where its file is no longer there, what the credential's row kept."""
    provider, form = formats().get(rule, (None, None))
    if provider is None or form is None:
        return Form(otherwise.provider, otherwise.kind, otherwise.confidence)
    return Form(provider.slug, form.kind.value, form.confidence.value)


def of_kind(values: Sequence[str]) -> Q:
    """Return the condition on exposures for credentials of some kinds, as their own rule says."""
    return _by_rule("kind", values)


def of_provider(values: Sequence[str]) -> Q:
    """Return the condition on exposures for credentials of some providers, as their own rule says."""
    return _by_rule("provider", values)


def _by_rule(name: str, values: Sequence[str]) -> Q:
    wanted = [rule for rule, said in _said(name).items() if said in values]
    return Q(rule__in=wanted) | (~Q(rule__in=list(formats())) & Q(**{f"credential__{name}__in": values}))


def _said(name: str) -> dict[str, str]:
    """Return what each rule says of the kind or the provider."""
    if name == "kind":
        return {rule: form.kind.value for rule, (_, form) in formats().items()}
    return {rule: provider.slug for rule, (provider, _) in formats().items()}


def seen(user: User, places: QuerySet[Exposure] | None = None) -> QuerySet[Credential]:
    """Return credentials with the columns that may be shown, filtered and sorted by: `told_rank`, `told_rule`,
    `told_kind`, `told_provider`, `told_introduced_at`, `told_unjudged`, and `told_place`, unique, to break ties by.

    They come from the exposures that the viewer sees, or from `places` of these; from everything for those who see
    everything and ask for no part of it.
    """
    rows = Credential.objects.all()
    if user.sees_everything and places is None:
        return rows.annotate(
            told_rank=F("severity_rank"),
            told_rule=F("rule"),
            told_kind=F("kind"),
            told_provider=F("provider"),
            told_introduced_at=F("introduced_at"),
            told_unjudged=Q(introduced_at=None),
            told_place=F("pk"),
        )
    own = visible(Exposure.objects.all() if places is None else places, user).filter(credential=OuterRef("pk"))
    first, present = own.order_by("pk"), own.filter(gone_at=None)
    held = visible(Holding.objects.filter(credential=OuterRef("pk")), user).order_by("pk")
    rank = Case(
        When(weak=True, then=Value(Severity.values.index(STORED_SEVERITY))),
        default=F("severity_rank"),
        output_field=IntegerField(),
    )
    rule, kind, provider = (
        Case(When(weak=True, then=Value(value)), default=F(name), output_field=CharField())
        for name, value in (("rule", STORED_RULE), ("kind", STORED_KIND), ("provider", STORED_PROVIDER))
    )
    return rows.annotate(
        told_rank=Coalesce(
            Subquery(own.order_by("severity_rank").values("severity_rank")[:1]), rank, output_field=IntegerField()
        ),
        told_rule=Coalesce(Subquery(first.values("rule")[:1]), rule),
        told_kind=Coalesce(Subquery(first.annotate(said=_case("kind")).values("said")[:1]), kind),
        told_provider=Coalesce(Subquery(first.annotate(said=_case("provider")).values("said")[:1]), provider),
        told_introduced_at=Subquery(present.order_by("first_at").values("first_at")[:1]),
        told_unjudged=Exists(present.filter(severity_reason="")),
        told_place=Coalesce(
            Subquery(first.values("pk")[:1]),
            Subquery(held.values("pk")[:1]) + Value(_STORED),
            output_field=BigIntegerField(),
        ),
    )


def say(rows: Iterable[Any]) -> None:
    """Have rows of `seen` say what their columns do, which costs no query and is enough for a line in a list."""
    for row in rows:
        vars(row).update(
            rule=row.told_rule,
            kind=row.told_kind,
            provider=row.told_provider,
            severity=Severity.values[row.told_rank],
            introduced_at=row.told_introduced_at,
        )


def _case(name: str) -> Case:
    """Return the expression on exposures for what the rule says of the kind or the provider."""
    rules: dict[str, list[str]] = {}
    for rule, value in _said(name).items():
        rules.setdefault(value, []).append(rule)
    cases = [When(rule__in=names, then=Value(value)) for value, names in rules.items()]
    return Case(*cases, default=F(f"credential__{name}"), output_field=CharField())


def tell_of_place(exposure: Exposure) -> None:
    """Have the exposure's credential say what this place says of it, to whoever sees the place."""
    form = form_of(exposure.rule, exposure.credential)
    _overlay(exposure.credential, form, exposure)


def _overlay(credential: Credential, form: Form, told: Any) -> None:
    vars(credential).update(
        rule=told.rule,
        provider=form.provider,
        kind=form.kind,
        confidence=form.confidence,
        weak=told.weak,
        severity=told.severity,
        severity_reason=told.severity_reason,
    )


@dataclass
class _Told:
    """What a viewer's exposures say of one credential."""

    rule: str
    weak: bool
    severity: str
    severity_reason: str
    rank: int
    first_seen_at: datetime
    last_seen_at: datetime
    introduced_at: datetime | None


def tell(user: User, credentials: Iterable[Credential], places: QuerySet[Exposure] | None = None) -> None:
    """Have credentials say what the viewer's exposures say of them, or `places` of these; one query, of stores two.

    Those who see everything and ask for no part of it are told what the rows say. The rows must not be saved after.
    """
    if user.sees_everything and places is None:
        return
    rows = list(credentials)
    own = visible(Exposure.objects.all() if places is None else places, user).filter(
        credential__in={row.pk for row in rows}
    )
    told = _told(own)
    for row in rows:
        if row.pk in told:
            found = told[row.pk]
            _overlay(row, form_of(found.rule, row), found)
            vars(row).update(
                introduced_at=found.introduced_at, first_seen_at=found.first_seen_at, last_seen_at=found.last_seen_at
            )
    _tell_of_stores(user, [row for row in rows if row.pk not in told])


def _told(own: QuerySet[Exposure]) -> dict[int, _Told]:
    found: dict[int, _Told] = {}
    groups = own.order_by().values_list("credential", "rule", "weak", "severity", "severity_reason", "severity_rank")
    for pk, *facts, _ in sorted(
        groups.annotate(
            first=Min("first_seen_at"),
            last=Max("last_seen_at"),
            introduced=Min("first_at", filter=Q(gone_at=None)),
            place=Min("pk"),
        ),
        key=lambda row: row[-1],
    ):
        rule, weak, severity, reason, rank, first, last, introduced = facts
        told = found.setdefault(pk, _Told(rule, weak, severity, reason, rank, first, last, introduced))
        told.weak = told.weak or weak
        if rank < told.rank:
            told.rank, told.severity, told.severity_reason = rank, severity, reason
        told.first_seen_at, told.last_seen_at = min(told.first_seen_at, first), max(told.last_seen_at, last)
        told.introduced_at = min(filter(None, (told.introduced_at, introduced)), default=None)
    return found


def _tell_of_stores(user: User, rows: list[Credential]) -> None:
    """Have values that only stores of the viewer hold say when these were read; weak ones nothing more."""
    if not rows:
        return
    held = visible(Holding.objects.filter(credential__in=rows), user).order_by().values_list("credential")
    dates = {
        pk: (first, last)
        for pk, first, last in held.annotate(
            first=Min("version__secret__first_seen_at"), last=Max("version__secret__last_seen_at")
        )
    }
    for row in rows:
        if row.pk in dates:
            row.first_seen_at, row.last_seen_at = dates[row.pk]
        row.introduced_at = None
        if row.weak:
            row.rule, row.kind, row.provider, row.confidence = STORED_RULE, STORED_KIND, STORED_PROVIDER, "high"
            row.severity, row.severity_reason = STORED_SEVERITY, STORED_REASON
