"""A stand-in for Azure that keeps state: sign-in, Resource Manager and vaults, each under its own host name.

It has what the collector asks for, in the shapes that Microsoft publishes; `tests/contracts/test_azure_contract.py`
holds it and the collector's requests against Microsoft's own contract. `allowed` are the operations that the
application may do, so that a missing right is refused as Azure does.
"""

from __future__ import annotations

import json
import secrets
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from inventory.azure.rights import CONTROL, METADATA, VALUES
from tests.services.certificates import Authority
from tests.services.fault_server import Asked, FaultServer, Reply, fault_server

DOMAIN, LOGIN, MANAGEMENT = "vault.localhost", "login.localhost", "management.localhost"
VAULTS = ("pay", "web", "old")
"""Names for which it has a certificate."""
_KV = "Microsoft.KeyVault/vaults"
_LISTS = {"secrets": f"{_KV}/secrets/readMetadata/action", "keys": f"{_KV}/keys/read"} | {
    "certificates": f"{_KV}/certificates/read"
}
_BUILT_IN = {
    "Owner": {"actions": ["*"]},
    "Contributor": {
        "actions": ["*"],
        "notActions": ["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write"],
    },
    "User Access Administrator": {"actions": ["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"]},
    "Reader": {"actions": ["*/read"]},
    "Key Vault Administrator": {
        "actions": ["Microsoft.Authorization/*/read", f"{_KV}/*/read"],
        "dataActions": [f"{_KV}/*"],
    },
    "Key Vault Secrets User": {
        "dataActions": [f"{_KV}/secrets/getSecret/action", f"{_KV}/secrets/readMetadata/action"]
    },
    "Key Vault Secrets Officer": {"dataActions": [f"{_KV}/secrets/*"]},
    "Key Vault Reader": {
        "actions": [f"{_KV}/*/read"],
        "dataActions": [f"{_KV}/*/read", f"{_KV}/secrets/readMetadata/action"],
    },
    "Key Vault Crypto User": {
        "dataActions": [f"{_KV}/keys/{each}" for each in ("read", "encrypt/action", "decrypt/action", "sign/action")]
    },
}


def seconds(when: datetime) -> int:
    """Return a time as vaults write it."""
    return int(when.timestamp())


NOW = datetime.now(UTC).replace(microsecond=0)


def ago(days: float) -> datetime:
    """Return a time in the past."""
    return NOW - timedelta(days=days)


@dataclass
class Thing:
    """A secret, key or certificate."""

    versions: list[dict[str, Any]] = field(default_factory=list)
    """Oldest first: id, attributes, and a secret's value."""
    tags: dict[str, str] = field(default_factory=dict)
    content_type: str = ""
    managed: bool = False
    policy: dict[str, Any] = field(default_factory=dict)
    deleted: datetime | None = None


@dataclass
class Vault:
    """What one vault holds."""

    name: str
    secrets: dict[str, Thing] = field(default_factory=dict)
    keys: dict[str, Thing] = field(default_factory=dict)
    certificates: dict[str, Thing] = field(default_factory=dict)
    by_roles: bool = True
    policies: list[dict[str, Any]] = field(default_factory=list)
    assignments: list[dict[str, Any]] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)

    def secret(self, name: str, *ages: float, value: str = "", **more: Any) -> Thing:
        """Store a secret with a version for each age in days, oldest first; `more` are attributes or fields."""
        return self._put(self.secrets, name, ages or (0,), more, value or None)

    def key(self, name: str, *ages: float, **more: Any) -> Thing:
        """Make a key."""
        return self._put(self.keys, name, ages or (0,), more)

    def certificate(self, name: str, *ages: float, lives: int = 365, issuer: str = "Self", **more: Any) -> Thing:
        """Make a certificate with the secret and the key that a vault keeps for it."""
        for store, extra in ((self.secrets, {"content_type": "application/x-pkcs12"}), (self.keys, {})):
            self._put(store, name, ages or (0,), {"managed": True} | extra)
        thing = self._put(self.certificates, name, ages or (0,), more)
        for version in thing.versions:
            attributes = version["attributes"]
            attributes |= {"nbf": attributes["created"], "exp": attributes["created"] + lives * 86_400}
        thing.policy.setdefault("issuer", {"name": issuer})
        return thing

    def delete(self, plural: str, name: str, days: float = 1) -> None:
        """Delete a thing so that it can be recovered."""
        getattr(self, plural)[name].deleted = ago(days)

    def _put(self, store: dict[str, Thing], name: str, ages: Any, more: dict[str, Any], value: Any = None) -> Thing:
        fields = {key: more.pop(key) for key in ("tags", "content_type", "managed", "policy") if key in more}
        thing = store[name] = Thing(**fields)
        for age in ages:
            at = seconds(ago(age))
            attributes = {"enabled": True, "created": at, "updated": at, "recoveryLevel": "Recoverable+Purgeable"}
            attributes |= {key: seconds(each) if isinstance(each, datetime) else each for key, each in more.items()}
            thing.versions.append(
                {"id": secrets.token_hex(16), "attributes": attributes} | {"value": value or secrets.token_hex(16)}
            )
        return thing


@dataclass
class AzureAPI:
    """All of it; change its fields to change how it answers."""

    port: int = 0
    tenant: str = field(default_factory=lambda: str(uuid.uuid4()))
    client: str = field(default_factory=lambda: str(uuid.uuid4()))
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    subscription: str = field(default_factory=lambda: str(uuid.uuid4()))
    allowed: set[str] = field(default_factory=lambda: {*CONTROL, *METADATA, *VALUES})
    page: int = 25
    lives: int = 3600
    """Seconds that a token is good for."""
    vaults: dict[str, Vault] = field(default_factory=dict)
    roles: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """Host without domain, and path, of every request that had a token."""
    answers: dict[str, Callable[[Asked], Reply | None]] = field(default_factory=dict)
    """Chosen answers by a part of what `asked` has; None lets it answer as ever."""
    passes: Callable[[Asked], Reply] | None = None
    """Where requests to vaults are passed on to, in place of answering them."""
    tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    challenge: str = ""
    """What a vault says to whoever has no token, in place of the truth."""

    @property
    def credential(self) -> str:
        """What the source's credential holds."""
        return json.dumps({"tenant_id": self.tenant, "client_id": self.client, "client_secret": self.secret})

    @property
    def config(self) -> dict[str, Any]:
        """How a source names this cloud."""
        return {
            "authority": f"https://{LOGIN}:{self.port}",
            "management": f"https://{MANAGEMENT}:{self.port}",
            "domain": DOMAIN,
        }

    def address(self, vault: str) -> str:
        """Return where a vault answers."""
        return f"https://{vault}.{DOMAIN}:{self.port}"

    def vault(self, name: str, **fields: Any) -> Vault:
        """Make a vault."""
        self.vaults[name] = Vault(name, **fields)
        return self.vaults[name]

    def vault_id(self, name: str) -> str:
        """Return what the Resource Manager calls a vault."""
        return f"/subscriptions/{self.subscription}/resourceGroups/shop/providers/{_KV}/{name}"

    def assign(self, vault: str, role: str, kind: str = "User", scope: str | None = None, **more: Any) -> str:
        """Give a role in a vault to somebody new, and return the id of whom."""
        role_id = self.role(role)
        principal = more.pop("principal", None) or str(uuid.uuid4())
        name = str(uuid.uuid4())
        where = self.vault_id(vault) if scope is None else scope
        properties = {
            "roleDefinitionId": role_id,
            "principalId": principal,
            "principalType": kind,
            "scope": where,
            "createdOn": ago(30).isoformat(),
            "condition": None,
        } | more
        self.vaults[vault].assignments.append(
            {
                "id": f"{where}/providers/Microsoft.Authorization/roleAssignments/{name}",
                "name": name,
                "type": "Microsoft.Authorization/roleAssignments",
                "properties": properties,
            }
        )
        return principal

    def role(self, name: str, **permission: list[str]) -> str:
        """Return the id of a role: a built-in one, or one that is made of this permission."""
        known = next((key for key, each in self.roles.items() if each["properties"]["roleName"] == name), None)
        if known:
            return known
        number = str(uuid.uuid4())
        role_id = f"/subscriptions/{self.subscription}/providers/Microsoft.Authorization/roleDefinitions/{number}"
        empty: dict[str, list[str]] = {"actions": [], "notActions": [], "dataActions": [], "notDataActions": []}
        self.roles[role_id] = {
            "id": role_id,
            "name": number,
            "type": "Microsoft.Authorization/roleDefinitions",
            "properties": {
                "roleName": name,
                "type": "BuiltInRole" if name in _BUILT_IN else "CustomRole",
                "description": "What it is for.",
                "assignableScopes": ["/"],
                "permissions": [empty | (permission or _BUILT_IN.get(name, {}))],
            },
        }
        return role_id

    def __call__(self, asked: Asked) -> Reply:
        """Answer, for a loopback server."""
        host = asked.headers.get("Host", "").partition(":")[0]
        if host == LOGIN:
            return self._chosen(f"login {urlsplit(asked.path).path}", asked) or self._login(asked)
        name = "management" if host == MANAGEMENT else host.removesuffix(f".{DOMAIN}")
        scope = self.token_scope(asked)
        if not scope:
            return self._challenge()
        what = f"{name} {asked.path}"
        self.asked.append(what)
        if chosen := self._chosen(what, asked):
            return chosen
        wanted = f"https://{MANAGEMENT}:{self.port}/.default" if name == "management" else f"https://{DOMAIN}/.default"
        if scope != wanted:
            return error(401, "Unauthorized")
        if name == "management":
            return self._management(asked)
        return self.passes(asked) if self.passes else self.of_vault(asked, name)

    def token_scope(self, asked: Asked) -> str:
        """Return what the token of a request was given for; empty where it is none that is still good."""
        token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
        scope, ends = self.tokens.get(token, ("", 0.0))
        return scope if ends > time.time() else ""

    def of_vault(self, asked: Asked, name: str) -> Reply:
        """Answer as a vault does."""
        vault, parts = self.vaults.get(name), urlsplit(asked.path).path.strip("/").split("/")
        if vault is None or "api-version" not in parse_qs(urlsplit(asked.path).query):
            return error(400, "BadParameter")
        plural, rest = parts[0], parts[1:]
        gone = plural.startswith("deleted")
        plural = plural.removeprefix("deleted")
        if plural not in _LISTS:
            return error(404, "NotFound")
        store: dict[str, Thing] = getattr(vault, plural)
        if rest and (rest[0] not in store or store[rest[0]].deleted):
            return error(404, f"{plural.rstrip('s').capitalize()}NotFound")
        match rest:
            case []:
                rows = [(each, thing) for each, thing in store.items() if bool(thing.deleted) is gone]
                return self._listed(asked, _LISTS[plural], [self._line(name, plural, *row) for row in rows])
            case [one, "versions"]:
                rows = [self._line(name, plural, one, store[one], version) for version in store[one].versions]
                return self._listed(asked, _LISTS[plural], rows)
            case [one, "rotationpolicy"] if plural == "keys":
                return self._if(f"{_KV}/keyrotationpolicies/read", self._rotation(name, one, store[one]))
            case [one, "policy"] if plural == "certificates":
                return self._if(_LISTS[plural], self._renewal(name, one, store[one]))
            case [one, version] if plural == "secrets":
                return self._value(name, one, store[one], version)
        return error(404, "NotFound")

    def _login(self, asked: Asked) -> Reply:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        given = (form.get("client_id"), form.get("client_secret"), form.get("grant_type"))
        if asked.path != f"/{self.tenant}/oauth2/v2.0/token" or given != (
            self.client,
            self.secret,
            "client_credentials",
        ):
            told = {"error": "invalid_client", "error_codes": [7000215], "error_description": f"AADSTS: {self.secret}"}
            return said(told, 401)
        token = secrets.token_urlsafe(32)
        self.tokens[token] = (form.get("scope", ""), time.time() + self.lives)
        return said({"token_type": "Bearer", "expires_in": self.lives, "access_token": token})

    def _challenge(self) -> Reply:
        where = f'authorization="https://{LOGIN}:{self.port}/{self.tenant}", resource="https://{DOMAIN}"'
        told = error(401, "Unauthorized")
        return Reply(told.body, 401, {**told.headers, "WWW-Authenticate": f"Bearer {self.challenge or where}"})

    def _management(self, asked: Asked) -> Reply:
        path = urlsplit(asked.path).path
        if path == f"/subscriptions/{self.subscription}/providers/{_KV}":
            return self._listed(asked, f"{_KV}/read", [self._vault(each) for each in self.vaults.values()])
        if path in self.roles:
            return self._if("Microsoft.Authorization/roleDefinitions/read", self.roles[path])
        for vault in self.vaults.values():
            own = self.vault_id(vault.name)
            if path == own:
                return self._if(f"{_KV}/read", self._vault(vault))
            if path == f"{own}/providers/Microsoft.Authorization/roleAssignments":
                return self._listed(asked, "Microsoft.Authorization/roleAssignments/read", vault.assignments)
        return error(404, "ResourceNotFound")

    def _vault(self, vault: Vault) -> dict[str, Any]:
        properties = {
            "sku": {"family": "A", "name": "standard"},
            "tenantId": self.tenant,
            "accessPolicies": vault.policies,
            "enabledForDeployment": False,
            "enableSoftDelete": True,
            "softDeleteRetentionInDays": 90,
            "enableRbacAuthorization": vault.by_roles,
            "vaultUri": f"{self.address(vault.name)}/",
            "provisioningState": "Succeeded",
            "publicNetworkAccess": "Enabled",
        }
        return {
            "id": self.vault_id(vault.name),
            "name": vault.name,
            "type": _KV,
            "location": "westeurope",
            "tags": {},
            "properties": properties | vault.properties,
        }

    def _line(self, vault: str, plural: str, name: str, thing: Thing, version: dict[str, Any] | None = None) -> Any:
        told = version or thing.versions[-1]
        address = f"{self.address(vault)}/{plural}/{name}" + (f"/{version['id']}" if version else "")
        line: dict[str, Any] = {"kid" if plural == "keys" else "id": address, "attributes": told["attributes"]}
        if plural == "certificates":
            line["x5t"] = "fOoS7K-xE8AVlIpGBnBVJRDBL1k"
        if thing.tags:
            line["tags"] = thing.tags
        if thing.content_type:
            line["contentType"] = thing.content_type
        if thing.managed:
            line["managed"] = True
        if thing.deleted:
            line["recoveryId"] = f"{self.address(vault)}/deleted{plural}/{name}"
            line["deletedDate"] = seconds(thing.deleted)
            line["scheduledPurgeDate"] = seconds(thing.deleted + timedelta(days=90))
        return line

    def _rotation(self, vault: str, name: str, thing: Thing) -> Any:
        policy = {"lifetimeActions": [], "attributes": {}} | thing.policy
        return {"id": f"{self.address(vault)}/keys/{name}/rotationpolicy"} | policy

    def _renewal(self, vault: str, name: str, thing: Thing) -> Any:
        policy = {
            "id": f"{self.address(vault)}/certificates/{name}/policy",
            "key_props": {"exportable": True, "kty": "RSA", "key_size": 2048, "reuse_key": False},
            "secret_props": {"contentType": "application/x-pkcs12"},
            "x509_props": {"subject": f"CN={name}.example", "validity_months": 12, "sans": {"dns_names": []}},
            "lifetime_actions": [{"trigger": {"lifetime_percentage": 80}, "action": {"action_type": "AutoRenew"}}],
            "attributes": {"enabled": True},
        }
        return policy | thing.policy

    def _value(self, vault: str, name: str, thing: Thing, version: str) -> Reply:
        found = next((each for each in thing.versions if each["id"] == version), None)
        if found is None:
            return error(404, "SecretNotFound")
        if not found["attributes"]["enabled"]:
            return error(403, "Forbidden", "SecretDisabled")
        told = self._line(vault, "secrets", name, thing, found) | {"value": found["value"]}
        return self._if(VALUES[0], told)

    def _listed(self, asked: Asked, right: str, rows: list[Any]) -> Reply:
        given = parse_qs(urlsplit(asked.path).query)
        start = int(given.get("$skiptoken", ["0"])[0])
        host = asked.headers["Host"] if self.passes is None else f"{next(iter(self.vaults))}.{DOMAIN}:{self.port}"
        path, version = urlsplit(asked.path).path, given.get("api-version", [""])[0]
        link = f"https://{host}{path}?api-version={version}&$skiptoken={start + self.page}"
        more = start + self.page < len(rows)
        return self._if(right, {"value": rows[start : start + self.page]} | ({"nextLink": link} if more else {}))

    def _if(self, right: str, told: Any) -> Reply:
        return said(told) if right in self.allowed else error(403, "Forbidden", "ForbiddenByRbac")

    def _chosen(self, what: str, asked: Asked) -> Reply | None:
        for part, answer in self.answers.items():
            if part in what and (reply := answer(asked)):
                return reply
        return None


def said(told: Any, status: int = 200) -> Reply:
    """Return an answer."""
    return Reply(json.dumps(told).encode(), status, {"Content-Type": "application/json; charset=utf-8"})


def error(status: int, code: str, inner: str = "", message: str = "Caller is not authorized.") -> Reply:
    """Return an answer with an error, as Azure writes it."""
    told: dict[str, Any] = {"code": code, "message": message} | ({"innererror": {"code": inner}} if inner else {})
    return said({"error": told}, status)


@contextmanager
def azure_api(folder: Path) -> Iterator[tuple[AzureAPI, FaultServer, Authority]]:
    """Run a stand-in until the block ends; names under localhost must lead to this machine."""
    authority = Authority(folder)
    certificate = authority.issue((LOGIN, MANAGEMENT, *(f"{name}.{DOMAIN}" for name in VAULTS)))
    api = AzureAPI()
    with fault_server(api, certificate) as server:
        api.port = server.port
        yield api, server, authority


__all__ = ["DOMAIN", "LOGIN", "MANAGEMENT", "AzureAPI", "Thing", "Vault", "ago", "azure_api", "error", "said"]
