"""Reads across the inventory's models; everything shown to a person goes through `visible`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, Count, Exists, IntegerField, Max, Min, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from inventory.models import Asset, Credential, Exposure, Holding, Read, Run, Source
from inventory.models.secrets import Severity, Validity
from posture.accounts.models import User
from posture.accounts.visibility import visible, visible_teams

# A source is late at its next due time, and silent when a whole further interval has passed.
LEAST_SILENCE = timedelta(hours=1)
# Rows that the figures above a list look at; beyond, only "more than" is said, so that no page waits for a count.
COUNTED = 10_000


def is_silent(source: Source, last_read_at: datetime | None, now: datetime) -> bool:
    """Say whether an enabled source has brought nothing for twice its interval, and for an hour at least."""
    since = last_read_at or source.created_at
    return source.enabled and now - since > max(timedelta(seconds=2 * source.interval), LEAST_SILENCE)


def holdings_that_count(user: User) -> QuerySet[Holding]:
    """Return the holdings that may decide what this viewer is told of a credential: what stores still have.

    That another team's store holds the same value is never told of a weak one (SECURITY W27).
    """
    holdings = Holding.objects.kept()
    if visible_teams(user) is None:
        return holdings
    return holdings.filter(Q(credential__weak=False) | Q(pk__in=visible(Holding.objects.all(), user).values("pk")))


def managed_condition(user: User, credential: str) -> Q:
    """Return the condition that a version of a secret holds the credential; `credential` is the path to its id."""
    return Q(Exists(holdings_that_count(user).filter(credential=OuterRef(credential))))


@dataclass(frozen=True)
class ExposureFigures:
    """The numbers above a list of exposures."""

    total: int
    valid: int = 0
    tip: int = 0
    history: int = 0
    validity_unknown: int = 0
    unowned: int = 0

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than were counted, so that only the total's lower bound is known."""
        return self.total > COUNTED


def exposure_figures(rows: QuerySet[Exposure]) -> ExposureFigures:
    """Count the selected exposures by what decides about them, in two queries over at most `COUNTED` rows."""
    total = rows.order_by().values("pk")[: COUNTED + 1].count()
    if total > COUNTED:
        return ExposureFigures(total)
    counts = rows.order_by().aggregate(
        valid=Count("pk", filter=Q(credential__validity=Validity.VALID)),
        validity_unknown=Count("pk", filter=~Q(credential__validity__in=[Validity.VALID, Validity.INVALID])),
        tip=Count("pk", filter=Q(place=Exposure.Place.TIP)),
        history=Count("pk", filter=Q(place=Exposure.Place.HISTORY)),
        unowned=Count("pk", filter=Q(team=None)),
    )
    return ExposureFigures(total, **counts)


@dataclass(frozen=True)
class CredentialFigures:
    """The numbers above a list of credentials."""

    total: int
    worst: int = 0
    """Critical and high."""
    valid: int = 0
    validity_unknown: int = 0
    unmanaged: int = 0
    tip: int = 0

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than were counted, so that only the total's lower bound is known."""
        return self.total > COUNTED


def credential_figures(user: User, rows: QuerySet[Credential]) -> CredentialFigures:
    """Count the selected credentials by what decides about them, in two queries over at most `COUNTED` rows.

    They have the columns of `seen`, as the list itself.
    """
    total = rows.order_by().values("pk")[: COUNTED + 1].count()
    if total > COUNTED:
        return CredentialFigures(total)
    at_tip = visible(Exposure.objects.present().filter(place=Exposure.Place.TIP), user)
    judged = rows.order_by().annotate(counts_as_managed=managed_condition(user, "pk"))
    counts = judged.aggregate(
        worst=Count("pk", filter=Q(told_rank__lte=Severity.values.index(Severity.HIGH))),
        valid=Count("pk", filter=Q(validity=Validity.VALID)),
        validity_unknown=Count("pk", filter=~Q(validity__in=[Validity.VALID, Validity.INVALID])),
        unmanaged=Count("pk", filter=Q(counts_as_managed=False)),
        tip=Count("pk", filter=Q(pk__in=at_tip.values("credential"))),
    )
    return CredentialFigures(total, **counts)


def managed_among(user: User, credentials: Iterable[int]) -> set[int]:
    """Return which of these credentials a version of a secret holds, as far as the viewer may know."""
    return set(holdings_that_count(user).filter(credential__in=list(credentials)).values_list("credential", flat=True))


@dataclass
class Standing:
    """Where one credential stands, as far as the viewer sees."""

    places: int = 0
    tip: int = 0
    oldest_at: datetime | None = None
    teams: list[str] = field(default_factory=list)
    unowned: bool = False


def standings(user: User, credentials: Iterable[int]) -> dict[int, Standing]:
    """Return where each of these credentials stands, from the exposures the viewer sees; one query."""
    found: dict[int, Standing] = defaultdict(Standing)
    rows = (
        visible(Exposure.objects.present().filter(credential__in=list(credentials)), user)
        .order_by("team__name")
        .values_list("credential", "team__name")
        .annotate(places=Count("pk"), tip=Count("pk", filter=Q(place=Exposure.Place.TIP)), oldest=Min("first_at"))
    )
    for credential, team, places, tip, oldest in rows:
        standing = found[credential]
        standing.places += places
        standing.tip += tip
        standing.oldest_at = min(filter(None, (standing.oldest_at, oldest)))
        if team is None:
            standing.unowned = True
        else:
            standing.teams.append(team)
    return found


def hidden_places(user: User, credential: Credential) -> int:
    """Return in how many places beyond the viewer's own the value stands; never told of a weak value (W27)."""
    return hidden_places_among(user, [credential.pk]).get(credential.pk, 0)


def hidden_places_among(user: User, credentials: Iterable[int]) -> dict[int, int]:
    """Return the same for several credentials, of which those without such places are left out; two queries."""
    if visible_teams(user) is None:
        return {}
    # The database is asked for the mark, since rows in hand may say only what the viewer's own places do.
    strong = {"credential__in": list(credentials), "credential__weak": False}
    exposures = Exposure.objects.present().filter(**strong).order_by().values_list("credential")
    holdings = Holding.objects.kept().filter(**strong).order_by().values_list("credential")
    mine = {model: Q(pk__in=visible(model._default_manager.all(), user).values("pk")) for model in (Exposure, Holding)}
    counted = exposures.annotate(all=Count("pk"), mine=Count("pk", filter=mine[Exposure]))
    # The secrets are counted, not their versions: a place is where somebody would have to act.
    held = holdings.annotate(
        all=Count("version__secret", distinct=True),
        mine=Count("version__secret", distinct=True, filter=mine[Holding]),
    )
    hidden: dict[int, int] = defaultdict(int)
    for pk, every, own in [*counted, *held]:
        hidden[pk] += every - own
    return {pk: number for pk, number in hidden.items() if number}


@dataclass(frozen=True)
class SourceHealth:
    """A source with what its runs say of it."""

    source: Source
    run: Run | None
    """The newest one."""
    last_read_at: datetime | None
    """When a run last brought something."""
    last_complete_at: datetime | None
    assets: int
    behind: int
    """How many of these assets their newest read did not bring to the end, or that were never read."""
    is_silent: bool


def sources_health(user: User, **only: int) -> list[SourceHealth]:
    """Return the sources the viewer sees with their health, the silent ones first; three queries."""
    read = Q(runs__status__in=[Run.Status.COMPLETE, Run.Status.PARTIAL])
    sources = list(
        visible(Source.objects.filter(**only), user).annotate(
            last_read_at=Max("runs__finished_at", filter=read),
            last_complete_at=Max("runs__finished_at", filter=Q(runs__status=Run.Status.COMPLETE)),
            newest=Max("runs__pk"),
        )
    )
    runs = Run.objects.in_bulk([source.newest for source in sources if source.newest])
    present = Asset.objects.present().filter(source__in=sources).order_by()
    behind = Count("pk", filter=~Q(last_status=Run.Status.COMPLETE))
    counts = {pk: numbers for pk, *numbers in present.values_list("source").annotate(n=Count("pk"), behind=behind)}
    now = timezone.now()
    health = [
        SourceHealth(
            source=source,
            run=runs.get(source.newest),
            last_read_at=source.last_read_at,
            last_complete_at=source.last_complete_at,
            assets=counts.get(source.pk, [0, 0])[0],
            behind=counts.get(source.pk, [0, 0])[1],
            is_silent=is_silent(source, source.last_read_at, now),
        )
        for source in sources
    ]
    return sorted(health, key=lambda each: (not each.is_silent, each.source.name))


def removal_figures(user: User, source: Source) -> dict[str, int]:
    """Return how many assets and exposures go with a source, those that are gone already included."""
    return {
        "assets": visible(Asset.objects.filter(source=source), user).count(),
        "exposures": visible(Exposure.objects.filter(asset__source=source), user).count(),
    }


@dataclass(frozen=True)
class RunProgress:
    """How far a run is: its reads by status."""

    waiting: int
    running: int
    complete: int
    partial: int
    failed: int

    @property
    def total(self) -> int:
        """Return how many reads the run has."""
        return self.waiting + self.running + self.complete + self.partial + self.failed

    @property
    def short(self) -> int:
        """Return how many reads ended before they were through."""
        return self.partial + self.failed

    @property
    def done(self) -> int:
        """Return how many reads have ended."""
        return self.complete + self.partial + self.failed


def run_progress(run: Run) -> RunProgress:
    """Count a run's reads by status, in one query."""
    by = dict(Read.objects.filter(run=run).order_by().values_list("status").annotate(number=Count("pk")))
    return RunProgress(
        waiting=by.get(Run.Status.QUEUED, 0),
        running=by.get(Run.Status.RUNNING, 0),
        complete=by.get(Run.Status.COMPLETE, 0),
        partial=by.get(Run.Status.PARTIAL, 0),
        failed=by.get(Run.Status.FAILED, 0) + by.get(Run.Status.DEAD, 0),
    )


def exposures_by_asset(user: User, assets: Iterable[Asset]) -> dict[int, int]:
    """Return how many present exposures of each asset the viewer sees."""
    rows = visible(Exposure.objects.present().filter(asset__in=list(assets)), user)
    return dict(rows.order_by().values_list("asset").annotate(number=Count("pk")))


@dataclass(frozen=True)
class AssetFigures:
    """The numbers above a list of assets."""

    total: int
    fresh: int
    never: int
    partial: int
    unowned: int

    @property
    def late(self) -> int:
        """Return how many were not read to the end in time, those never read included."""
        return self.total - self.fresh


def asset_figures(rows: QuerySet[Asset]) -> AssetFigures:
    """Count the selected assets by how well they were read, in one query."""
    limit = timezone.now() - timedelta(hours=settings.FRESHNESS_HOURS)
    counts = rows.order_by().aggregate(
        total=Count("pk"),
        fresh=Count("pk", filter=Q(last_complete_at__gte=limit)),
        never=Count("pk", filter=Q(last_complete_at=None)),
        partial=Count("pk", filter=Q(last_status=Run.Status.PARTIAL)),
        unowned=Count("pk", filter=Q(team=None)),
    )
    return AssetFigures(**counts)


# A run of a large organisation has thousands of reads; what needs a person comes first.
READS_SHOWN = 100


def reads_to_show(run: Run) -> list[Read]:
    """Return a run's reads: under way first, then what went wrong, what is partial, what waits, what is complete."""
    order = [Run.Status.RUNNING, Run.Status.DEAD, Run.Status.FAILED, Run.Status.PARTIAL, Run.Status.QUEUED]
    rank = Case(
        *(When(status=status, then=Value(place)) for place, status in enumerate(order)),
        default=Value(len(order)),
        output_field=IntegerField(),
    )
    rows = Read.objects.filter(run=run).select_related("asset").defer("asset__codeowners", "asset__cursor")
    return list(rows.annotate(rank=rank).order_by("rank", "-finished_at", "pk")[:READS_SHOWN])


@dataclass(frozen=True)
class Missing:
    """What a source's last ended run did not read to the end."""

    run: Run
    progress: RunProgress
    reads: list[Read]
    """The first of them, with why."""

    @property
    def total(self) -> int:
        """Return how many repositories, vaults or pipelines were not read to the end."""
        return self.progress.short


def missing(run: Run, most: int = 5) -> Missing:
    """Return what an ended run did not read to the end, what failed first; two queries."""
    short = (Run.Status.PARTIAL, Run.Status.FAILED, Run.Status.DEAD)
    return Missing(run, run_progress(run), [read for read in reads_to_show(run) if read.status in short][:most])
