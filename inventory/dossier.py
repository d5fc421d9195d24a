"""Everything that one page says of one credential to one viewer: four facts, its places, its history, what to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import F, QuerySet
from django.utils import timezone

from inventory.detection.provider import Format, formats
from inventory.models import Credential, Exposure, Holding
from inventory.models.secrets import Validity, Version
from inventory.place_graph import Place, PlaceGraph, place_graph
from inventory.policy import Limit, rotation_limit
from inventory.queries import hidden_places, holdings_that_count
from inventory.seen import tell
from inventory.templatetags.inventory_display import day, duration
from posture.accounts.models import User
from posture.accounts.visibility import visible

PLACES = 50
EVENTS = 40


@dataclass(frozen=True)
class Fact:
    """A question with its answer (the glyph), the judgement (the tone), and the evidence with its date."""

    label: str
    answer: str
    """yes, no or unknown."""
    words: str
    evidence: str
    tone: str = ""
    """good, bad or empty."""


@dataclass(frozen=True)
class Event:
    """One line of the history; without an actor a machine did it."""

    at: datetime
    words: str
    actor: str = ""
    path: str = ""
    commit: str = ""
    asset: str = ""


@dataclass
class Dossier:
    """One credential as one viewer may know it."""

    user: User
    credential: Credential
    exposures: list[Exposure]
    exposure_count: int
    holdings: list[Holding]
    hidden: int
    """Places beyond the viewer's; always 0 for a weak value (SECURITY W27)."""
    held_elsewhere: bool
    """A store that the viewer does not see holds it; never true for a weak value."""
    now: datetime = field(default_factory=timezone.now)

    @cached_property
    def format(self) -> Format | None:
        """The format that found it; None where its provider's file is no longer there."""
        found = formats().get(self.credential.rule)
        return found[1] if found else None

    @property
    def has_issuer(self) -> bool:
        """Whether there is an issuer to name; other kinds are made dead wherever they are accepted."""
        return self.format is not None and self.format.kind.has_issuer

    @cached_property
    def present(self) -> list[Exposure]:
        """The exposures that some ref still reaches."""
        return [exposure for exposure in self.exposures if exposure.gone_at is None]

    @cached_property
    def at_tip(self) -> list[Exposure]:
        """Those at the tip of a default branch."""
        return [exposure for exposure in self.present if exposure.place == Exposure.Place.TIP]

    @cached_property
    def oldest_at(self) -> datetime | None:
        """When it was first introduced anywhere the viewer sees."""
        return min((exposure.first_at for exposure in self.exposures), default=None)

    @cached_property
    def environments(self) -> list[str]:
        """Where it is used, as far as its places say."""
        named = {exposure.asset.environment for exposure in self.present}
        named |= {holding.version.secret.environment for holding in self.holdings}
        return sorted(named - {""})

    @property
    def environment_words(self) -> str:
        """The environments as one text."""
        return ", ".join(self.environments)

    @cached_property
    def limit(self) -> Limit:
        """How old it may grow."""
        return rotation_limit(self.credential.kind, None, self.environments[0] if self.environments else None)

    @property
    def facts(self) -> list[Fact]:
        """The four facts."""
        return [self._managed(), self._valid(), self._fresh(), self._owned()]

    def _managed(self) -> Fact:
        kept = [each for each in self.holdings if each.is_kept]
        current = [each for each in kept if each.version.state == Version.State.CURRENT]
        if current:
            secret = current[0].version.secret
            more = f" and {len(current) - 1} more" if len(current) > 1 else ""
            evidence = f"Version {current[0].version.number} of {secret.path}{more} holds it."
            return Fact("Managed", "yes", "Yes", f"{evidence} Read {day(secret.last_seen_at)}.", "good")
        if kept:
            secret = kept[0].version.secret
            return Fact("Managed", "yes", "Superseded", f"Only an older version of {secret.path} holds it.", "bad")
        if self.held_elsewhere:
            return Fact("Managed", "yes", "Yes", "A store that you cannot see holds it.", "good")
        if self.credential.weak and not self.user.sees_everything:
            # Said of every such value, whoever else holds it: telling them apart would tell what others hold (W27).
            words = "No store that you see holds it; in others a guessable value is not looked for."
            return Fact("Managed", "unknown", "Not known", words)
        if self.holdings:
            held = self.holdings[0]
            since = f"is gone from its store since {day(held.gone_at)}" if held.gone_at else "was destroyed there"
            return Fact("Managed", "no", "No longer", f"{held.version.secret.path} held it, and {since}.", "bad")
        return Fact(
            "Managed", "no", "No", f"No version of any secret that was collected holds it, {day(self.now)}.", "bad"
        )

    def _valid(self) -> Fact:
        at = self.credential.validity_at
        credential = self.credential
        if credential.validity_by and credential.validity_reason and credential.validity != Validity.CANNOT_CHECK:
            return self._judged()
        asked = f" Asked {day(at)}." if at else ""
        issuer = self.credential.issuer.label if self.credential.issuer else "its issuer"
        match self.credential.validity:
            case Validity.VALID:
                return Fact("Valid", "yes", "Yes", f"Accepted by {issuer}.{asked}", "bad")
            case Validity.INVALID:
                return Fact("Valid", "no", "No", f"Refused by {issuer}.{asked}", "good")
            case Validity.CANNOT_CHECK:
                return Fact("Valid", "unknown", "Cannot be checked", f"{issuer} offers no way to ask.{asked}")
            case Validity.CHECK_FAILED:
                return Fact("Valid", "unknown", "Not known", f"The last check failed.{asked} Take it for valid.")
        return Fact("Valid", "unknown", "Not known", "Nobody has asked the issuer. Take it for valid.")

    def _judged(self) -> Fact:
        """Say what was collected, or somebody, tells of it: the issuer itself was not asked."""
        credential = self.credential
        since = f" As of {day(credential.validity_at)}." if credential.validity_at else ""
        words = f"{credential.validity_reason}{since}"
        if credential.validity == Validity.VALID:
            return Fact("Valid", "yes", "Yes", words, "bad")
        if credential.validity == Validity.INVALID:
            return Fact("Valid", "no", "No", words, "good")
        return Fact("Valid", "unknown", "Not known", f"{words} Take it for valid.")

    def _fresh(self) -> Fact:
        days = self.limit.days
        made = [each.version.created_at for each in self.holdings if each.version.created_at]
        known_at = min(made) if made else None
        oldest = min(filter(None, (known_at, self.oldest_at)), default=None)
        if oldest is None:
            return Fact("Fresh", "unknown", "Not known", "When it was made is not known.")
        old = (self.now - oldest).days
        exact = known_at == oldest
        words = f"{old:,} d old" if exact else f"At least {old:,} d old"
        since = f"since {day(oldest)}"
        if days is None:
            return Fact("Fresh", "yes", words, f"{since}; no limit applies ({self.limit.source}).", "good")
        limit = f"limit {days} ({self.limit.source})"
        if old > days:
            return Fact("Fresh", "no", words, f"In use {since}, {limit}.", "bad")
        if exact:
            return Fact("Fresh", "yes", words, f"Made {day(oldest)}, {limit}.", "good")
        return Fact("Fresh", "unknown", words, f"Committed {day(oldest)}; when it was made is not known, {limit}.")

    def _owned(self) -> Fact:
        teams = sorted({exposure.team.name for exposure in self.present if exposure.team})
        teams += sorted(
            {
                holding.version.secret.asset.team.name
                for holding in self.holdings
                if holding.version.secret.asset.team and holding.version.secret.asset.team.name not in teams
            }
        )
        unowned = sum(exposure.team_id is None for exposure in self.present)
        reason = next((exposure.owner_reason for exposure in self.present if exposure.owner_reason), "")
        if not teams and not unowned:
            return Fact("Owned", "unknown", "Not known", "It stands nowhere that you see.")
        if not teams:
            return Fact("Owned", "no", "No", f"{_places(unowned)} without a team.", "bad")
        if unowned:
            return Fact("Owned", "no", "In part", f"{', '.join(teams)}; {_places(unowned)} without a team.", "bad")
        return Fact("Owned", "yes", "Yes", f"{', '.join(teams)}. {reason}".strip(), "good")

    @cached_property
    def events(self) -> list[Event]:
        """What happened to it, the latest first."""
        events: list[Event] = []
        for exposure in self.exposures:
            events += _events(exposure)
        for holding in self.holdings:
            version = holding.version
            if version.created_at:
                words = f"The store made version {version.number}, which holds it, of"
                events.append(
                    Event(version.created_at, words, path=version.secret.path, asset=version.secret.asset.name)
                )
        if self.credential.validity_at and self.credential.validity in (Validity.VALID, Validity.INVALID):
            verdict = "accepted" if self.credential.validity == Validity.VALID else "refused"
            events.append(Event(self.credential.validity_at, f"Validity check: {verdict} by its issuer"))
        return sorted(events, key=lambda event: event.at, reverse=True)[:EVENTS]

    @cached_property
    def graph(self) -> PlaceGraph | None:
        """The picture of where it stands: a box per secret, and one per repository with its worst file."""
        stores = {
            holding.version.secret_id: Place(holding.version.secret.asset.name, holding.version.secret.path)
            for holding in self.holdings
        }
        by_asset: dict[int, list[Exposure]] = {}
        for exposure in self.present:
            by_asset.setdefault(exposure.asset_id, []).append(exposure)
        subject = Place(self.credential.label, self.environment_words or "environment not known")
        return place_graph(subject, list(stores.values()), [_box(exposures) for exposures in by_asset.values()])

    @property
    def age(self) -> str:
        """How long it has been out, in words."""
        return duration((self.now - self.oldest_at).total_seconds()) if self.oldest_at else "not known"


def _box(exposures: list[Exposure]) -> Place:
    worst = exposures[0]
    more = f", {len(exposures)} files" if len(exposures) > 1 else ""
    if worst.place == Exposure.Place.HISTORY:
        return Place(worst.asset.name, f"history only{more}" if more else f"history, {worst.path}", "gone")
    return Place(worst.asset.name, f"{worst.path.rpartition('/')[2]}:{worst.latest_line}{more}", "hot")


def _places(number: int) -> str:
    return "1 place is" if number == 1 else f"{number} places are"


def _events(exposure: Exposure) -> list[Event]:
    where = {"path": exposure.path, "asset": exposure.asset.name}
    events = [
        Event(exposure.first_at, "put it in", exposure.first_author, commit=exposure.first_commit, **where),
        Event(exposure.first_seen_at, "Collection found it in", **where),
    ]
    if exposure.latest_commit != exposure.first_commit:
        events.append(
            Event(exposure.latest_at, "put it back in", exposure.latest_author, commit=exposure.latest_commit, **where)
        )
    if exposure.removed_at:
        events.append(
            Event(
                exposure.removed_at,
                "removed it from",
                exposure.removed_author,
                commit=exposure.removed_commit,
                **where,
            )
        )
    if exposure.gone_at:
        events.append(Event(exposure.gone_at, "Collection no longer finds it in", **where))
    return events


def dossier(user: User, credential: Credential) -> Dossier:
    """Read all that one page says of a credential the viewer may see; at most eight queries."""
    tell(user, [credential])
    rows: QuerySet[Exposure] = visible(Exposure.objects.filter(credential=credential), user)
    rows = rows.select_related("asset", "team").defer("asset__codeowners", "asset__cursor")
    order = {place: rank for rank, place in enumerate(Exposure.Place.values)}
    exposures = list(rows.order_by("gone_at", "-first_at", "pk")[: PLACES + 1])
    count = len(exposures) if len(exposures) <= PLACES else rows.count()
    exposures = exposures[:PLACES]
    exposures.sort(key=lambda row: (row.gone_at is not None, order[row.place], row.first_at))
    rows_held = visible(Holding.objects.filter(credential=credential), user).select_related(
        "version__secret__asset__team"
    )
    # What stores still have stands first.
    kept_first = F("version__secret__gone_at").asc(nulls_first=True)
    holdings = list(rows_held.order_by(kept_first, "version__state", "version__secret__path")[:PLACES])
    held = holdings_that_count(user).filter(credential=credential)
    return Dossier(
        user=user,
        credential=credential,
        exposures=exposures,
        exposure_count=count,
        holdings=holdings,
        hidden=hidden_places(user, credential),
        held_elsewhere=not any(holding.is_kept for holding in holdings) and held.exists(),
    )
