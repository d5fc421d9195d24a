"""What the inventory can say for closing incidents: where values still are, and since when that is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from inventory.models import Credential, Exposure, Holding, Read, Run, Version

BATCH = 5_000
"""So many rows are asked for in one statement."""


@dataclass(frozen=True, slots=True)
class LivePlace:
    """One place where a value stands in the open: at the tip of a default branch, or in use."""

    exposure: int
    asset: int
    team: int | None
    path: str
    place: str
    """`tip` or `live`, as of an exposure."""
    read_at: datetime | None
    """When its asset was last read to the end."""
    lost: bool
    """Its source lists the asset no more: that the value was taken away there is not known, and no read will tell."""


@dataclass(frozen=True, slots=True)
class HeldBy:
    """One current version that still holds a value."""

    secret: int
    version: int
    asset: int
    team: int | None
    environment: str
    read_at: datetime | None
    """When its store was last read to the end."""
    lost: bool
    """Its source lists the store no more: that the value was changed there is not known, and no read will tell."""


@dataclass(frozen=True, slots=True)
class UnreadAsset:
    """An asset with places of a value, of all of which nothing is known since the time asked about."""

    asset: int
    team: int | None
    """Whose places these are."""


@dataclass(frozen=True, slots=True)
class UnreadSecret:
    """A secret that held a value, and may still."""

    secret: int
    asset: int
    team: int | None
    value_unknown: bool
    """Its store was read, but not what its current version holds (under the key of the value's fingerprint)."""


@dataclass(frozen=True, slots=True)
class ValidityEvidence:
    """Who says whether a value is valid, and why."""

    by: str
    """`inventory`, `person` or `check`; empty: nobody has judged it yet."""
    reason: str
    """In words that name no place."""
    secret: int | None
    """What its issuer keeps of it and says so; to be shown to those alone who may see it."""
    until: datetime | None
    """When it is not known any more unless it is read again; None: for good."""


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    """All that closing an incident asks of the inventory about one credential.

    The value is proved gone from the open when `live` and `unread` are empty, and from the stores when `held` and
    `values_unread` are. Whether it is valid, and since when that is known, is a fact of its own.
    """

    live: tuple[LivePlace, ...]
    unread: tuple[UnreadAsset, ...]
    """Assets where it stands or stood that no complete read was begun of since the time asked about."""
    held: tuple[HeldBy, ...]
    values_unread: tuple[UnreadSecret, ...]
    validity: str
    validity_at: datetime | None
    validity_evidence: ValidityEvidence
    accepted_at: datetime | None
    """When it was last known that its issuer accepts it; None: that was never known."""
    history_only: int
    """Places that are left in history alone."""
    on_other_refs: int
    """Places that are left on branches and tags other than the default branch."""


def closing_facts(credential_ids: Iterable[int], since: datetime) -> dict[int, ClosingFacts]:
    """Return what is known of each of these credentials for closing, from complete reads that began after `since`.

    Of everything, whoever may see it: what a person is shown of it goes through `visible` by the rows' numbers. Five
    queries for every few thousand credentials; one that is not there any more is left out.
    """
    wanted, found = list(dict.fromkeys(credential_ids)), dict[int, ClosingFacts]()
    for start in range(0, len(wanted), BATCH):
        found |= _facts(wanted[start : start + BATCH], since)
    return found


def _facts(credentials: list[int], since: datetime) -> dict[int, ClosingFacts]:
    places: dict[int, list[Exposure]] = defaultdict(list)
    for place in Exposure.objects.filter(credential__in=credentials).select_related("asset").only(*_OF_PLACES):
        places[place.credential_id].append(place)
    holdings: dict[int, list[Holding]] = defaultdict(list)
    held = Holding.objects.filter(credential__in=credentials).select_related("version__secret__asset")
    for holding in held.only(*_OF_HOLDINGS):
        holdings[holding.credential_id].append(holding)
    assets = {place.asset_id for some in places.values() for place in some}
    assets |= {holding.version.secret.asset_id for some in holdings.values() for holding in some}
    read = _read_since(assets, since)
    keys = _keys_of_current({holding.version.secret_id for some in holdings.values() for holding in some})
    return {
        row.pk: _closing(row, places[row.pk], holdings[row.pk], read.__contains__, keys)
        for row in Credential.objects.filter(pk__in=credentials)
    }


_OF_PLACES = (
    *("credential_id", "team_id", "path", "place", "gone_at"),
    *("asset__last_complete_at", "asset__gone_at"),
)
_OF_HOLDINGS = (
    *("credential_id", "version__state", "version__secret__team_id", "version__secret__environment"),
    *("version__secret__gone_at", "version__secret__asset__last_complete_at", "version__secret__asset__gone_at"),
)


def _read_since(assets: Collection[int], since: datetime) -> set[int]:
    """Return which of these assets a read that began after `since` came to the end of."""
    read = Read.objects.filter(asset__in=assets, status=Run.Status.COMPLETE, started_at__gt=since)
    return set(read.order_by().values_list("asset", flat=True).distinct())


def _keys_of_current(secrets: Collection[int]) -> dict[int, set[str]]:
    """Return under which keys the current versions of secrets were read; empty where one was not."""
    found: dict[int, set[str]] = defaultdict(set)
    current = Version.objects.filter(secret__in=secrets, state=Version.State.CURRENT)
    for secret, key in current.values_list("secret", "read_key"):
        found[secret].add(key)
    return found


def _closing(
    row: Credential,
    places: list[Exposure],
    holdings: list[Holding],
    was_read: Callable[[int], bool],
    keys: dict[int, set[str]],
) -> ClosingFacts:
    standing = [place for place in places if place.gone_at is None]
    left = [place.place for place in standing]
    return ClosingFacts(
        live=tuple(_live(place) for place in standing if place.place in _IN_THE_OPEN),
        unread=tuple(
            UnreadAsset(asset, team)
            for asset, team in dict.fromkeys(
                (place.asset_id, place.team_id)
                for place in places
                if place.asset.gone_at is None and not was_read(place.asset_id)
            )
        ),
        held=tuple(_held(each) for each in holdings if _stands(each)),
        values_unread=_values_unread(row, holdings, was_read, keys),
        validity=row.validity,
        validity_at=row.validity_at,
        validity_evidence=ValidityEvidence(
            row.validity_by, row.validity_reason, row.validity_secret_id, row.validity_until
        ),
        accepted_at=row.accepted_at,
        history_only=left.count(Exposure.Place.HISTORY),
        on_other_refs=left.count(Exposure.Place.REF),
    )


_IN_THE_OPEN = (Exposure.Place.TIP, Exposure.Place.LIVE)


def _live(place: Exposure) -> LivePlace:
    asset = place.asset
    return LivePlace(
        exposure=place.pk,
        asset=asset.pk,
        team=place.team_id,
        path=place.path,
        place=place.place,
        read_at=asset.last_complete_at,
        lost=asset.gone_at is not None,
    )


def _stands(holding: Holding) -> bool:
    return holding.version.state == Version.State.CURRENT and holding.version.secret.gone_at is None


def _held(holding: Holding) -> HeldBy:
    secret = holding.version.secret
    return HeldBy(
        secret=secret.pk,
        version=holding.version_id,
        asset=secret.asset_id,
        team=secret.team_id,
        environment=secret.environment,
        read_at=secret.asset.last_complete_at,
        lost=secret.asset.gone_at is not None,
    )


def _values_unread(
    row: Credential, holdings: list[Holding], was_read: Callable[[int], bool], keys: dict[int, set[str]]
) -> tuple[UnreadSecret, ...]:
    """Return the secrets that held it, are there, and may hold it now for all that is known."""
    found = {}
    for secret in (holding.version.secret for holding in holdings):
        if secret.gone_at is not None or secret.asset.gone_at is not None:
            continue
        unknown = bool(keys.get(secret.pk, set()) - {row.key_id})
        if unknown or not was_read(secret.asset_id):
            found[secret.pk] = UnreadSecret(secret.pk, secret.asset_id, secret.team_id, value_unknown=unknown)
    return tuple(found.values())
