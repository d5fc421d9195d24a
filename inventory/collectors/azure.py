"""Collects what vaults at Azure hold, how old it is, and who can reach it."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Any, ClassVar

from inventory.azure.access import Access
from inventory.azure.certificates import Certificates
from inventory.azure.client import VaultClient
from inventory.azure.cloud import KNOWN, PUBLIC, Cloud, cloud_of
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
from inventory.stores.settings import CONCURRENCY, FINGERPRINT, Settings, host_alone, listed, wrong
from inventory.stores.values import Values
from posture.common.origin import origin_of

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
        FINGERPRINT,
        replace(
            CONCURRENCY,
            help=f"{CONCURRENCY.help} A vault lets all its users together make 4,000 in ten seconds.",
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
        settings = Settings.of(config, cls.fields)
        cloud = _cloud(settings)
        vaults = [_vault(each, cloud) for each in settings.listed("vaults")]
        subscriptions = [each.lower() for each in settings.listed("subscriptions")]
        if odd := [each for each in subscriptions if not _SUBSCRIPTION.fullmatch(each)]:
            raise wrong(f"{odd[0][:60]} is no id of a subscription: it has 32 letters and digits in five groups.")
        if not vaults and not subscriptions:
            raise wrong("Name vaults by their addresses, or subscriptions whose vaults are to be read.")
        if subscriptions and not cloud.management:
            raise wrong("Finding vaults by subscription takes the address of the Resource Manager (management).")
        own = cloud.authority not in KNOWN
        return {
            "vaults": ", ".join(dict.fromkeys(vaults)),
            "subscriptions": ", ".join(dict.fromkeys(subscriptions)),
            "authority": "" if cloud.authority == PUBLIC else cloud.authority,
            "management": cloud.management if own else "",
            "domain": cloud.domain if own else "",
            "fingerprint": settings.yes("fingerprint"),
            "concurrency": settings.number("concurrency"),
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
            if set(listed(config.get(name))) & set(listed(other.get(name))):
                return "names vaults of"
        return ""

    def probe(self, context: ReadContext) -> list[Ability]:
        """Try the smallest request for each thing, in the first vault and in every subscription."""
        with self._open(context) as (login, management):
            login.token(login.cloud.vault_scope)
            found = [Ability("Sign in", True, "a token for vaults")]
            for subscription in listed(self.config.get("subscriptions")):
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
        named = dict.fromkeys(listed(self.config.get("vaults")), "")
        cloud = cloud_of(self.config)
        for subscription in listed(self.config.get("subscriptions")):
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

    def _client(self, asset: AssetRecord, login: Login, context: ReadContext) -> closing[VaultClient]:
        at_once = int(self.config.get("concurrency") or 4)
        return closing(VaultClient(asset.external_id, login, context.alive, at_once=at_once))


def _told(vault: Mapping[str, Any]) -> tuple[str, str]:
    """Return address and id of a vault as the Resource Manager tells them."""
    properties = vault.get("properties")
    address = properties.get("vaultUri") if isinstance(properties, dict) else ""
    return str(address or "").lower().rstrip("/").removesuffix(":443"), str(vault.get("id") or "")


def _cloud(settings: Settings) -> Cloud:
    authority = _address(settings.text("authority"), "authority") or PUBLIC
    management = _address(settings.text("management"), "address of the Resource Manager")
    domain = settings.text("domain").lower().lstrip(".")
    known = KNOWN.get(authority)
    if known is None:
        if not _DOMAIN.fullmatch(domain):
            raise wrong("This authority is none of Azure's known clouds: give the domain of its vaults (domain) too.")
        return Cloud(authority, management, domain)
    if (management and management != known.management) or (domain and domain != known.domain):
        raise wrong(
            f"The Resource Manager and the domain of vaults follow from the authority ({known.management}, "
            f"{known.domain}). Leave them empty."
        )
    return known


def _vault(given: str, cloud: Cloud) -> str:
    address = given if "://" in given else f"https://{given}"
    address = address.lower().rstrip("/").removesuffix(":443")
    if not cloud.name_of(address):
        raise wrong(
            f"A vault is named by its address, such as https://NAME.{cloud.domain}, without anything behind it."
        )
    return address


def _address(given: str, what: str) -> str:
    address = host_alone(given, ("https",))
    if given and not address:
        raise wrong(f"The {what} begins with https:// and ends after host and port.")
    return address


COLLECTOR = AzureCollector
