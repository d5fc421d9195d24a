"""Collects what a HashiCorp Vault or an OpenBao server holds, and who can reach it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

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
from inventory.stores.crew import Crew
from inventory.stores.settings import CONCURRENCY, FINGERPRINT, Settings, parts_of, wrong
from inventory.stores.values import Values
from inventory.vault.access import Access
from inventory.vault.answer import Unanswered
from inventory.vault.client import VaultClient
from inventory.vault.engines import ENGINES, Engine
from inventory.vault.keys import LISTS, KeyEngine
from inventory.vault.kv import KeyValueStore
from inventory.vault.mounts import Mount, mounts_of, namespaces_below
from inventory.vault.probe import abilities
from inventory.vault.rights import least_rights
from posture.common.origin import origin_of

_ACCESS = "access"


class VaultCollector(Collector):
    """Reads HashiCorp Vault and OpenBao: secrets by their metadata, what makes credentials, and who can reach them.

    Names, ages, versions and rights are read; values are not, unless fingerprints are switched on. Every store and,
    for each namespace, the access to it is read on its own, so that one that fails leaves the others. Tokens that came
    from a login which is listed are counted there; all others stand for themselves. Batch tokens are listed nowhere.
    """

    slug: ClassVar[str] = "vault"
    label: ClassVar[str] = "Vault or OpenBao"
    asset_kind: ClassVar[str] = "mount"
    asset_kinds: ClassVar[Mapping[str, str]] = MappingProxyType({_ACCESS: "Logins and tokens"})
    rights_reach: ClassVar[Mapping[str, bool]] = MappingProxyType({_ACCESS: True})
    needed_credential: ClassVar[str] = "a Vault token, or the role_id and secret_id of an AppRole as JSON"
    fields: ClassVar[tuple[ConfigField, ...]] = (
        ConfigField(
            "url",
            "Address",
            "Of the API, such as https://vault.example.org:8200. Its credential is a token, or JSON with the role_id "
            'and secret_id of an AppRole (and "mount", where that is not approle).',
            required=True,
            kind="url",
        ),
        ConfigField("namespace", "Namespace", "The one to read, with those below it. Empty for the root."),
        FINGERPRINT,
        CONCURRENCY,
    )
    attributes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "engine": "Engine",
            "namespace": "Namespace",
            "policies": "Policies",
            "logins": "Ways to log in",
            "tokens": "Live tokens",
            "expired": "Long expired certificates, not told",
            "clock": "Clock",
        }
    )
    least_rights: ClassVar[str] = least_rights()
    cannot_know: ClassVar[tuple[str, ...]] = (
        "When a secret was read last, and by whom: only the audit log tells.",
        "Whether a new version holds a new value, and whether two paths hold the same: that takes fingerprints.",
        "The age of secrets in key-value stores of version 1, which keep no times.",
        "Batch tokens, which no list names.",
        "When a policy, a role or a user was made.",
    )
    tested_against: ClassVar[str] = (
        "a real OpenBao server, with a database that it makes users in, and a loopback server before it that "
        "misbehaves. HashiCorp's own Vault was not at hand; what it offers more is asked for and may be missing."
    )

    @classmethod
    def clean(cls, config: Mapping[str, Any]) -> dict[str, Any]:
        """Check that there is an address of a server, and nothing else in it."""
        settings = Settings.of(config, cls.fields)
        namespace = settings.text("namespace").strip("/")
        if any(part in ("", ".", "..") for part in namespace.split("/")) and namespace:
            raise wrong("The namespace is a path such as team-a or team-a/payments.")
        if any(not sign.isprintable() for sign in namespace):
            raise wrong("The namespace holds a character that cannot stand in a name.")
        return {
            "url": _address(settings.text("url")),
            "namespace": namespace,
            "fingerprint": settings.yes("fingerprint"),
            "concurrency": settings.number("concurrency"),
        }

    @classmethod
    def overlap(cls, config: Mapping[str, Any], other: Mapping[str, Any]) -> str:
        """Compare server and namespace: a namespace is read with all below it."""
        if origin_of(str(config["url"])) != origin_of(str(other["url"])):
            return ""
        here, there = (f"{each.get('namespace') or ''}/".lstrip("/") for each in (config, other))
        if here == there:
            return "is the same server and namespace as"
        if here.startswith(there):
            return "is a namespace within"
        return "contains the namespace of" if there.startswith(here) else ""

    def probe(self, context: ReadContext) -> list[Ability]:
        """Ask the server what the credential allows."""
        with self._client(context) as client:
            return list(abilities(client, values=bool(self.config.get("fingerprint"))))

    def discover(self, context: ReadContext) -> Generator[AssetRecord | SkipRecord, None, None]:
        """Yield every store, and for each namespace the access to it."""
        with self._client(context) as client:
            found = 0
            for namespace in namespaces_below(client, client.namespace):
                context.alive()
                if not isinstance(namespace, str):
                    where, answer = namespace
                    yield SkipRecord(answer.why, f"namespaces below {where or 'the root namespace'}")
                    continue
                try:
                    mounts, whole = mounts_of(client, namespace)
                except Unanswered as unanswered:
                    if namespace == client.namespace:
                        raise _no_mounts(unanswered, namespace) from None
                    yield SkipRecord(unanswered.answer.why, f"mounts of {namespace}")
                    continue
                if not whole:
                    what = f"mounts of {namespace or 'the root namespace'}"
                    yield SkipRecord("Vault tells only those that this credential may use", what)
                found += 1
                yield self._access_asset(namespace)
                for mount in mounts:
                    yield self._mount_asset(mount)

    def read(self, asset: AssetRecord, context: ReadContext) -> Generator[Record, None, None]:
        """Yield what one store holds, or who has access to one namespace."""
        namespace, path = _place(asset.locator)
        with self._client(context) as client:
            crew = Crew(int(self.config.get("concurrency") or 4), context.alive)
            if asset.kind == _ACCESS:
                ours = client.accessor if client.signed_in else ""
                values = Values.of(context) if self.config.get("fingerprint") else None
                access = Access(client, crew, namespace, ours, values)
                yield from access.read()
                secrets, principals, cursor = access.secrets, access.principals, {ACCESS: access.told}
            else:
                secrets, principals, cursor = (yield from self._store(client, crew, namespace, path, context)), 0, {}
            if minutes := round(client.skew.total_seconds() / 60):
                what = f"its clock is {abs(minutes)} minutes {'ahead of' if minutes > 0 else 'behind'} ours"
                yield SkipRecord("ages are off by as much", what, partial=False)
            counts = {"secrets": secrets, "principals": principals, "requests": client.requests}
            yield DoneRecord(cursor=cursor, full=True, counts=counts)

    def _store(
        self, client: VaultClient, crew: Crew, namespace: str, path: str, context: ReadContext
    ) -> Generator[Record, None, int]:
        try:
            mounts, _ = mounts_of(client, namespace)
        except Unanswered as unanswered:
            raise _no_mounts(unanswered, namespace) from None
        mount = next((each for each in mounts if each.path == path), None)
        if mount is None:
            raise CollectorError(f"{namespace}{path} is not mounted any more, or may not be seen any more.")
        facts = {"engine": f"{mount.type} {mount.version}" if mount.type == "kv" else mount.type}
        if namespace:
            facts["namespace"] = namespace.rstrip("/")
        reader: KeyValueStore | Engine | KeyEngine
        if mount.type == "kv":
            values = Values.of(context) if self.config.get("fingerprint") else None
            reader = KeyValueStore(client, crew, mount, values)
        elif mount.type in ENGINES:
            reader = Engine(client, crew, mount)
        elif mount.type in LISTS:
            reader = KeyEngine(client, crew, mount)
        else:
            yield SkipRecord(f"stores of the type {mount.type[:60]} are not known here", mount.name, partial=False)
            yield AssetFactsRecord(attributes=facts)
            return 0
        yield from reader.read()
        if isinstance(reader, KeyEngine) and reader.expired:
            facts["expired"] = str(reader.expired)
        yield AssetFactsRecord(attributes=facts)
        return reader.secrets

    def _client(self, context: ReadContext) -> closing[VaultClient]:
        return closing(VaultClient.of(self.config, context))

    def _access_asset(self, namespace: str) -> AssetRecord:
        where = urlencode({"namespace": namespace.rstrip("/")}, quote_via=quote)
        return AssetRecord(
            f"{namespace}{_ACCESS}", _ACCESS, f"{namespace}{_ACCESS}", f"{self.config['url']}/ui/vault/access?{where}"
        )

    def _mount_asset(self, mount: Mount) -> AssetRecord:
        where = urlencode({"namespace": mount.namespace.rstrip("/")}, quote_via=quote)
        locator = f"{self.config['url']}/ui/vault/secrets/{quote(mount.path, safe='')}?{where}"
        # A slash at its end tells a mount from the access to a namespace.
        return AssetRecord(mount.name, self.asset_kind, mount.name.rstrip("/"), locator)


def _place(locator: str) -> tuple[str, str]:
    """Return namespace and mount that a locator leads to, each with a slash at its end."""
    parts = urlsplit(locator)
    namespace = parse_qs(parts.query).get("namespace", [""])[0]
    return f"{namespace}/" if namespace else "", unquote(parts.path.rpartition("/")[2])


def _no_mounts(unanswered: Unanswered, namespace: str) -> CollectorError:
    where = f"the namespace {namespace.rstrip('/')}" if namespace else "this server"
    if unanswered.answer.status == 404:
        missing = f", or it has no namespace {namespace.rstrip('/')}" if namespace else ""
        return CollectorError(
            f"There is no Vault at this address{missing}. Check the address{' and the namespace' if missing else ''}.",
            permanent=True,
        )
    return CollectorError(
        f"What is mounted in {where} may not be listed: {unanswered.answer.why}. Give the credential the least "
        "rights that this kind of source names, at least read on sys/mounts.",
        permanent=True,
    )


def _address(given: str) -> str:
    """Return the address without a path: everything lies below /v1 of its origin.

    Raises:
        CollectorError: it is none.
    """
    parts = parts_of(given)
    if parts is None:
        raise wrong("The address (url) begins with https:// and names a host, such as https://vault.example.org:8200.")
    if parts.username is not None or parts.password is not None:
        raise wrong("The address (url) may hold no user name and password. Name a credential instead.")
    if parts.query or parts.fragment or parts.path.rstrip("/") not in ("", "/v1", "/ui"):
        raise wrong("The address (url) ends after the host and port. Leave out the rest.")
    return f"{parts.scheme}://{parts.netloc.lower()}"


COLLECTOR = VaultCollector
