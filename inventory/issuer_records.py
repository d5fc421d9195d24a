"""Finds what issuers' own records say of values: by what holds one, by a key's id, and by the key id beside a value.

An issuer names an access key by its public id and keeps no secret, so that a found secret joins its record only by the
id beside it. That is sound in one version of one file: ids are taken from the very blobs that brought the secret, from
the same function or job, and from the same version of a stored secret. Which of several ids is its own is not known,
so that all of them count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import TypeVar

from django.conf import settings
from django.db.models import QuerySet

from inventory.detection.provider import CredentialKind
from inventory.models import Credential, Exposure, Holding, KnownBlob, Secret, Source, Version
from inventory.store_records import SecretKind
from inventory.validity import Kept, Known, Says, Verdict, VersionFacts, Word, key_id_of, of_access_key, of_holding
from posture.common.fingerprint import FingerprintKey, load_key
from posture.common.secret_value import SecretValue

KEY_IDS = frozenset({"aws-access-key-id"})
NAMED_BY_KEY_ID = frozenset({"aws-secret-access-key", "aws-secret-in-csv"})
"""Formats of secrets that their issuer knows by the id of a key beside them."""
ISSUER = "aws"
"""Kind of the sources that list such keys."""
AT_ONCE = 400
"""Ids in one statement: SQLite takes a limited number of variables."""

Id = TypeVar("Id", int, str)
Ids = dict[int, set[str]]
"""Credential → the fingerprints of the key ids that stand beside it."""


class IssuerRecords:
    """What issuers' records say, read once for many values."""

    @cached_property
    def _fingerprints(self) -> FingerprintKey | None:
        try:
            return load_key(settings.FINGERPRINT_KEY_FILE)
        except FileNotFoundError:
            # Nothing was fingerprinted with a key that was never made.
            return None

    @cached_property
    def issuer_is_read(self) -> bool:
        """Whether a source is read that lists access keys."""
        return Source.objects.filter(kind=ISSUER, enabled=True).exists()

    @cached_property
    def by_key_id(self) -> dict[str, list[Kept]]:
        """Every access key that an account ever told, by the fingerprint of its id."""
        found: dict[str, list[Kept]] = defaultdict(list)
        for secret in _access_keys().select_related("asset__source").iterator(chunk_size=2000):
            if name := self._name(secret.path):
                found[name].append(kept(secret))
        return found

    def named_in(self, assets: Collection[int]) -> set[str]:
        """Return the fingerprints of the ids of these accounts' access keys."""
        paths = _access_keys().filter(asset__in=assets).values_list("path", flat=True)
        return {self._name(path) for path in paths.iterator(chunk_size=2000)} - {""}

    def _name(self, path: str) -> str:
        """Return the fingerprint of an access key's id; empty where there is no id, or nothing to compare it with."""
        key, name = self._fingerprints, key_id_of(ISSUER, path)
        return key.fingerprint(SecretValue(name.encode())) if key and name else ""

    def known(self, batch: list[Credential]) -> dict[int, Known]:
        """Return what is known of each of these values; some ten queries."""
        numbers = [row.pk for row in batch]
        places, holdings = _places(numbers), _holdings(numbers)
        named = {row.pk for row in batch if _is_named(row, places[row.pk])}
        beside = _beside([place for pk in named for place in places[pk]], [h for pk in named for h in holdings[pk]])
        own = _own(batch, holdings)
        return {
            row.pk: Known(
                own=(*own[row.pk], *self._by_own_id(row)),
                beside=tuple(of_access_key(self.by_key_id.get(each, ())) for each in sorted(beside[row.pk])),
                told_apart=not row.weak or len(_teams(places[row.pk], holdings[row.pk])) < 2,
                issuer_is_read=(row.pk in named or row.rule in KEY_IDS) and self.issuer_is_read,
                before=_before(row),
            )
            for row in batch
        }

    def _by_own_id(self, row: Credential) -> list[Says]:
        records = self.by_key_id.get(row.fingerprint) if row.rule in KEY_IDS else None
        return [of_access_key(records)] if records else []


def kept(secret: Secret) -> Kept:
    """Return a secret's row, with its asset and source, as the rule takes it."""
    asset = secret.asset
    return Kept(
        secret=secret.pk,
        source_kind=asset.source.kind,
        path=secret.path,
        kind=secret.kind,
        seen_at=secret.last_seen_at,
        gone_at=secret.gone_at,
        enabled=secret.enabled,
        expires_at=secret.expires_at,
        auto_rotated=secret.auto_rotated,
        rotation_failed=secret.rotation_failed,
        attributes=secret.attributes,
        complete_at=asset.last_complete_at,
        lost=asset.gone_at is not None,
    )


def beside_key_ids(key_ids: Collection[int]) -> set[int]:
    """Return the secrets that may have one of these key ids: more rather than fewer, to be judged again."""
    found: set[int] = set()
    named = Exposure.objects.filter(rule__in=NAMED_BY_KEY_ID).order_by().values_list("credential", flat=True)
    for some in _chunks(key_ids):
        places = Exposure.objects.filter(credential__in=some).order_by()
        found |= set(named.filter(asset__in=places.values("asset"), path_digest__in=places.values("path_digest")))
        in_use = places.filter(place=Exposure.Place.LIVE)
        found |= set(named.filter(asset__in=in_use.values("asset"), place=Exposure.Place.LIVE))
        versions = Holding.objects.filter(credential__in=some).order_by().values("version")
        found |= set(Holding.objects.filter(version__in=versions).order_by().values_list("credential", flat=True))
    return found


def _access_keys() -> QuerySet[Secret]:
    return Secret.objects.filter(asset__source__kind=ISSUER, kind=SecretKind.CLOUD_KEY).order_by("pk")


def _places(numbers: Collection[int]) -> dict[int, list[Exposure]]:
    found: dict[int, list[Exposure]] = defaultdict(list)
    columns = ("credential_id", "asset_id", "team_id", "rule", "path", "place", "first_blob", "latest_blob")
    for place in Exposure.objects.filter(credential__in=numbers).only(*columns):
        found[place.credential_id].append(place)
    return found


def _holdings(numbers: Collection[int]) -> dict[int, list[Holding]]:
    found: dict[int, list[Holding]] = defaultdict(list)
    rows = Holding.objects.filter(credential__in=numbers).select_related("version__secret__asset__source")
    for holding in rows.defer("version__secret__asset__codeowners", "version__secret__asset__cursor"):
        found[holding.credential_id].append(holding)
    return found


def _is_named(row: Credential, places: list[Exposure]) -> bool:
    return row.rule in NAMED_BY_KEY_ID or any(place.rule in NAMED_BY_KEY_ID for place in places)


def _teams(places: list[Exposure], holdings: list[Holding]) -> set[int | None]:
    return {place.team_id for place in places} | {holding.version.secret.team_id for holding in holdings}


def _before(row: Credential) -> Word | None:
    if row.validity_by != "inventory":
        return None
    return Word(Verdict(row.validity), row.validity_reason, row.validity_at, row.validity_secret_id, row.validity_until)


def _own(batch: list[Credential], holdings: dict[int, list[Holding]]) -> dict[int, list[Says]]:
    """Return what the issuers' records that hold these values say."""
    secrets = {holding.version.secret_id for some in holdings.values() for holding in some}
    versions: dict[int, list[VersionFacts]] = defaultdict(list)
    for some in _chunks(secrets):
        for version in Version.objects.filter(secret__in=some).order_by("pk"):
            versions[version.secret_id].append(_facts(version))
    found: dict[int, list[Says]] = defaultdict(list)
    for row in batch:
        standing = any(_stands(holding) for holding in holdings[row.pk])
        for holding in holdings[row.pk]:
            version = holding.version
            says = of_holding(
                kept(version.secret),
                _facts(version),
                versions[version.secret_id],
                standing=standing,
                private_key=row.kind == CredentialKind.PRIVATE_KEY,
            )
            found[row.pk] += [says] if says else []
    return found


def _stands(holding: Holding) -> bool:
    return holding.version.state == Version.State.CURRENT and holding.version.secret.gone_at is None


def _facts(version: Version) -> VersionFacts:
    return VersionFacts(version.number, version.state, version.created_at)


def _beside(places: list[Exposure], holdings: list[Holding]) -> Ids:
    found: Ids = defaultdict(set)
    for some in (_in_same_blobs(places), _in_same_use(places), _in_same_version(holdings)):
        for credential, ids in some:
            found[credential] |= ids
    return found


def _in_same_blobs(places: list[Exposure]) -> Iterator[tuple[int, set[str]]]:
    """Yield the key ids in the versions of files that first and last brought a secret: later ones may be others'."""
    wanted = {blob for place in places for blob in (place.first_blob, place.latest_blob)} - {""}
    assets = {place.asset_id for place in places}
    ids: dict[tuple[int, str], set[str]] = defaultdict(set)
    for some in _chunks(wanted):
        rows = KnownBlob.objects.filter(blob__in=some, asset__in=assets).values_list("asset", "blob", "findings")
        for asset, blob, findings in rows:
            ids[asset, blob] |= {fingerprint for rule, fingerprint, *_ in findings if rule in KEY_IDS}
    for place in places:
        yield place.credential_id, ids[place.asset_id, place.first_blob] | ids[place.asset_id, place.latest_blob]


def _in_same_use(places: list[Exposure]) -> Iterator[tuple[int, set[str]]]:
    """Yield the key ids that the same function, job or object in use has beside a secret."""
    used = [place for place in places if place.place == Exposure.Place.LIVE]
    ids: dict[tuple[int, str], set[str]] = defaultdict(set)
    for some in _chunks({place.asset_id for place in used}):
        rows = Exposure.objects.filter(asset__in=some, place=Exposure.Place.LIVE, rule__in=KEY_IDS).order_by()
        for asset, path, fingerprint in rows.values_list("asset", "path", "credential__fingerprint"):
            ids[asset, path.rpartition("#")[0]].add(fingerprint)
    for place in used:
        yield place.credential_id, ids[place.asset_id, place.path.rpartition("#")[0]]


def _in_same_version(holdings: list[Holding]) -> Iterator[tuple[int, set[str]]]:
    """Yield the key ids that a version of a stored secret holds beside a secret."""
    ids: dict[int, set[str]] = defaultdict(set)
    for some in _chunks({holding.version_id for holding in holdings}):
        rows = Holding.objects.filter(version__in=some, credential__rule__in=KEY_IDS).order_by()
        for version, fingerprint in rows.values_list("version", "credential__fingerprint"):
            ids[version].add(fingerprint)
    for holding in holdings:
        yield holding.credential_id, ids[holding.version_id]


def _chunks(values: Iterable[Id]) -> Iterator[list[Id]]:
    ordered = list(values)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
