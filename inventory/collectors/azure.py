"""Collects what vaults at Azure hold, how old it is, and who can reach it."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import urlsplit

from inventory.azure.access import Access
from inventory.azure.certificates import Certificates
from inventory.azure.client import VaultClient
from inventory.azure.cloud import KNOWN, PUBLIC, Cloud, cloud_of, listed
from inventory.azure.credential import AppSecret, Login
from inventory.azure.deleted import Deleted
from inventory.azure.failures import Refused
from inventory.azure.keys import Keys
from inventory.azure.management import VAULT_ID, Management
from inventory.azure.probe import access_abilities, vault_abilities
from inventory.azure.reading import Reading, unless_refused
from inventory.azure.rights import least_rights
from inventory.azure.secrets import Secrets
from inventory.collector import (
    ACCESS,
    Ability,
    AssetFactsRecord,
    AssetRecord,
    Collector,
    CollectorError,
    ConfigField,
    DoneRecord,
    ReadContext,
    Record,
    SkipRecord,
)
from inventory.stores.values import Values
from posture.common.origin import origin_of

MOST_AT_ONCE = 16
_SUBSCRIPTION = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_DELETED = "deleted"


class AzureCollector(Collector):
    """Reads vaults at Azure: secrets, keys and certificates with their versions, and who is let at them.

    Names, ages, ends and rotation are read; values are not, unless fingerprints are switched on. Who may do what comes
    from the Resource Manager, where subscriptions are named: roles, and the access policies of vaults. It is tested
    against Microsoft's published contract and a stand-in that keeps state, not against Azure itself.
    """

    slug: ClassVar[str] = "azure"
    label: ClassVar[str] = "Azure Key Vault"
    asset_kind: ClassVar[str] = "vault"
    needed_credential: ClassVar[str] = "an application's tenant_id, client_id and client_secret as JSON"
    fields: ClassVar[tuple[ConfigField, ...]] = (
        ConfigField(
            "vaults",
            "Vaults",
            "Addresses such as https://NAME.vault.azure.net; more of them by commas. The credential is JSON with "
            "tenant_id, client_id and client_secret of an application.",
        ),
        ConfigField(
            "subscriptions",
            "Subscriptions",
            "Ids of subscriptions whose vaults are read too. Only with them is it known who has access.",
        ),
        ConfigField(
            "authority",
            "Authority",
            "Where the application signs in. Empty for Azure's public cloud; https://login.microsoftonline.us and "
            "https://login.partner.microsoftonline.cn for the national ones.",
            kind="url",
        ),
        ConfigField(
            "management", "Resource Manager", "Its address, only where the authority is another one.", kind="url"
        ),
        ConfigField(
            "domain",
            "Domain of vaults",
            "What their hosts end with, only where the authority is another one.",
        ),
        ConfigField(
            "fingerprint",
            "Fingerprints",
            "Read values, one at a time, to recognise them elsewhere. Only their fingerprints are kept.",
            kind="boolean",
            default=False,
        ),
        ConfigField(
            "concurrency",
            "Requests at once",
            f"How many at the same time, 1 to {MOST_AT_ONCE}. A vault lets all its users together make 4,000 in ten "
            "seconds.",
            kind="number",
            default=4,
        ),
    )
    attributes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "access": "Access goes by",
            "soft_delete": "Keeps what was deleted",
            "purge_protection": "Guards it against purging",
            "network": "Reached from",
        }
    )
    least_rights: ClassVar[str] = least_rights()
    cannot_know: ClassVar[tuple[str, ...]] = (
        "When a secret, key or certificate was used last: only the diagnostic log of its vault tells.",
        "Whether a function or a pipeline rotates a secret: Key Vault itself rotates only keys and certificates.",
        "Names of people, groups and applications, and who belongs to a group: Microsoft Graph has them, which is not "
        "read.",
        "Whether a new version holds a new value, and whether two secrets hold the same: that takes fingerprints. "
        "Private keys of certificates are not fingerprinted.",
        "What deny assignments and conditions of role assignments forbid on top, what roles that are only eligible "
        "would give, and who could restore a backup elsewhere.",
        "The keys of storage accounts, which Key Vault can keep, and managed HSMs.",
    )
    tested_against: ClassVar[str] = (
        "Microsoft's published contract, and a stand-in that keeps state. Not against Azure itself."
    )

    @classmethod
    def clean(cls, config: Mapping[str, Any]) -> dict[str, Any]:
        """Check addresses and subscriptions."""
        unknown = set(config) - {field.name for field in cls.fields}
        if unknown:
            known = ", ".join(field.name for field in cls.fields)
            raise _wrong(f"Unknown settings: {', '.join(sorted(map(str, unknown)))}. Give {known}.")
        cloud = _cloud(config)
        vaults = [_vault(each, cloud) for each in listed(config, "vaults")]
        subscriptions = [each.lower() for each in listed(config, "subscriptions")]
        if wrong := [each for each in subscriptions if not _SUBSCRIPTION.fullmatch(each)]:
            raise _wrong(f"{wrong[0][:60]} is no id of a subscription: it has 32 letters and digits in five groups.")
        if not vaults and not subscriptions:
            raise _wrong("Name vaults by their addresses, or subscriptions whose vaults are to be read.")
        if subscriptions and not cloud.management:
            raise _wrong("Finding vaults by subscription takes the address of the Resource Manager (management).")
        own = cloud.authority not in KNOWN
        return {
            "vaults": ", ".join(dict.fromkeys(vaults)),
            "subscriptions": ", ".join(dict.fromkeys(subscriptions)),
            "authority": "" if cloud.authority == PUBLIC else cloud.authority,
            "management": cloud.management if own else "",
            "domain": cloud.domain if own else "",
            "fingerprint": _yes(config.get("fingerprint")),
            "concurrency": _number(config.get("concurrency")),
        }

    @classmethod
    def origins(cls, config: Mapping[str, Any]) -> frozenset[str]:
        """Return who signs in, who manages, and one that stands for all vaults of the cloud."""
        cloud = cloud_of(config)
        return frozenset(filter(None, map(origin_of, (cloud.authority, cloud.management, f"https://{cloud.domain}"))))

    @classmethod
    def overlap(cls, config: Mapping[str, Any], other: Mapping[str, Any]) -> str:
        """Compare vaults and subscriptions; which vaults a subscription holds is not known from here."""
        if cloud_of(config) != cloud_of(other):
            return ""
        for name in ("vaults", "subscriptions"):
            if set(listed(config, name)) & set(listed(other, name)):
                return "names vaults of"
        return ""

    def probe(self, context: ReadContext) -> list[Ability]:
        """Try the smallest request for each thing, in the first vault and in every subscription."""
        with self._open(context) as (login, management):
            login.token(login.cloud.vault_scope)
            found = [Ability("Sign in", True, "a token for vaults")]
            for subscription in listed(self.config, "subscriptions"):
                found += access_abilities(management, subscription)
            asset = next((each for each in self._found(context, management) if isinstance(each, AssetRecord)), None)
            if asset is None:
                found.append(Ability("Read a vault", None, "secrets, keys and certificates", "None was found."))
                return found
            with self._client(asset, login, context) as client:
                found += vault_abilities(client, asset.name, values=bool(self.config.get("fingerprint")))
            return found

    def discover(self, context: ReadContext) -> Generator[AssetRecord | SkipRecord, None, None]:
        """Yield the vaults that are named, and those of the subscriptions."""
        with self._open(context) as (_, management):
            yield from self._found(context, management)

    def read(self, asset: AssetRecord, context: ReadContext) -> Generator[Record, None, None]:
        """Yield what one vault holds, and who may do what with it."""
        name = cloud_of(self.config).name_of(asset.external_id)
        if not name:
            raise CollectorError(
                f"{asset.name} is no vault of this source's cloud. Collect again to find those that are."
            )
        with self._open(context) as (login, management), self._client(asset, login, context) as client:
            values = Values.of(context) if self.config.get("fingerprint") else None
            reading = Reading(client, name, context.alive, values)
            # First, since it decides whether readers of what follows are known.
            seen = yield from self._access(reading, management, asset, context)
            reading.access_told = seen or bool(context.cursor.get(ACCESS))
            yield from unless_refused(Certificates(reading).read(), "certificates")
            yield from unless_refused(Keys(reading).read(), "keys")
            yield from unless_refused(Secrets(reading).read(), "secrets")
            deleted = Deleted(reading, bool(context.cursor.get(_DELETED)))
            yield from deleted.read()
            counts = {
                "secrets": reading.secrets,
                "principals": reading.principals,
                "requests": client.requests + management.requests + login.requests,
            }
            cursor = {ACCESS: reading.access_told} | ({_DELETED: True} if deleted.told or deleted.seen_before else {})
            yield DoneRecord(cursor=cursor, full=True, counts=counts)

    def _access(
        self, reading: Reading, management: Management, asset: AssetRecord, context: ReadContext
    ) -> Generator[Record, None, bool]:
        """Yield who has access; returns whether all of that was told."""
        if not VAULT_ID.fullmatch(asset.locator):
            why = "only the Resource Manager tells, and no subscription of this source holds the vault"
            # Otherwise who had access when a subscription was named would be taken for gone.
            yield SkipRecord(why, "who has access", partial=bool(context.cursor.get(ACCESS)))
            return False
        access = Access(reading, management, asset.locator)
        try:
            yield from access.read()
        except Refused as refused:
            yield SkipRecord(refused.why, "who has access", partial=True)
            return False
        finally:
            facts = access.facts
        yield AssetFactsRecord(attributes=facts)
        return not access.hidden

    def _found(self, context: ReadContext, management: Management) -> Iterator[AssetRecord | SkipRecord]:
        named = dict.fromkeys(listed(self.config, "vaults"), "")
        cloud = cloud_of(self.config)
        for subscription in listed(self.config, "subscriptions"):
            context.alive()
            try:
                for told in management.vaults(subscription):
                    address, vault_id = _told(told)
                    if cloud.name_of(address) and VAULT_ID.fullmatch(vault_id):
                        named[address] = vault_id
                    else:
                        reason = "its address is none of this cloud's vaults, so that no token is sent there"
                        yield SkipRecord(reason, f"a vault of the subscription {subscription}")
            except Refused as refused:
                yield SkipRecord(refused.why, f"vaults of the subscription {subscription}")
        for address, vault_id in named.items():
            yield AssetRecord(address, self.asset_kind, cloud.name_of(address), vault_id or address)

    @contextmanager
    def _open(self, context: ReadContext) -> Iterator[tuple[Login, Management]]:
        cloud = cloud_of(self.config)
        login = Login(AppSecret.of(context), cloud, context.network, context.alive)
        management = Management(login, context.alive)
        try:
            yield login, management
        finally:
            management.close()

    @contextmanager
    def _client(self, asset: AssetRecord, login: Login, context: ReadContext) -> Iterator[VaultClient]:
        client = VaultClient(asset.external_id, login, context.alive, at_once=int(self.config.get("concurrency") or 4))
        try:
            yield client
        finally:
            client.close()


def _told(vault: Mapping[str, Any]) -> tuple[str, str]:
    """Return address and id of a vault as the Resource Manager tells them."""
    properties = vault.get("properties")
    address = properties.get("vaultUri") if isinstance(properties, dict) else ""
    return str(address or "").lower().rstrip("/").removesuffix(":443"), str(vault.get("id") or "")


def _cloud(config: Mapping[str, Any]) -> Cloud:
    authority = _address(config.get("authority"), "authority") or PUBLIC
    management = _address(config.get("management"), "address of the Resource Manager")
    domain = str(config.get("domain") or "").strip().lower().lstrip(".")
    known = KNOWN.get(authority)
    if known is None:
        if not _DOMAIN.fullmatch(domain):
            raise _wrong("This authority is none of Azure's known clouds: give the domain of its vaults (domain) too.")
        return Cloud(authority, management, domain)
    if (management and management != known.management) or (domain and domain != known.domain):
        raise _wrong(
            f"The Resource Manager and the domain of vaults follow from the authority ({known.management}, "
            f"{known.domain}). Leave them empty."
        )
    return known


def _vault(given: str, cloud: Cloud) -> str:
    address = given if "://" in given else f"https://{given}"
    address = address.lower().rstrip("/").removesuffix(":443")
    if not cloud.name_of(address):
        raise _wrong(
            f"A vault is named by its address, such as https://NAME.{cloud.domain}, without anything behind it."
        )
    return address


def _address(given: Any, what: str) -> str:
    text = str(given or "").strip().rstrip("/")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        fine = parts.scheme == "https" and parts.hostname and (parts.port or 1) and not parts.path
    except ValueError:
        fine = False
    if not fine or parts.username is not None or parts.query or parts.fragment:
        raise _wrong(f"The {what} begins with https:// and ends after host and port.")
    return f"https://{parts.netloc.lower()}"


def _number(given: Any) -> int:
    try:
        number = int(given if given not in (None, "") else 4)
    except (TypeError, ValueError):
        number = 0
    if not 1 <= number <= MOST_AT_ONCE:
        raise _wrong(f"Requests at once (concurrency) is a number from 1 to {MOST_AT_ONCE}.")
    return number


def _yes(given: Any) -> bool:
    if given in (None, "", False, True):
        return bool(given)
    said = str(given).strip().lower()
    if said in ("yes", "true", "on", "1", "no", "false", "off", "0"):
        return said in ("yes", "true", "on", "1")
    raise _wrong("Fingerprints (fingerprint) is yes or no.")


def _wrong(message: str) -> CollectorError:
    return CollectorError(message, permanent=True)


COLLECTOR = AzureCollector
