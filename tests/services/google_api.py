"""A stand-in for Google that keeps state: Secret Manager, IAM, Resource Manager and Policy Analyzer on one address.

No package brings an emulator. Every request and every answer is compared with Google's own description of its APIs
(`google_contract`); `broken` holds what differs. It judges the caller's signature, and its rights one by one, so that
what a collector needs can be proved.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from google.auth import jwt
from google_crc32c import value as crc32c

from tests.services.fault_server import Asked, Reply
from tests.services.google_contract import method_of, wrong_with_answer, wrong_with_request

PROJECT = "payments-prod"
NUMBER = "481516234200"
EVERYTHING = "everything"
_RIGHTS = {
    "secretmanager.projects.secrets.list": "secretmanager.secrets.list",
    "secretmanager.projects.secrets.versions.list": "secretmanager.versions.list",
    "secretmanager.projects.secrets.versions.access": "secretmanager.versions.access",
    "secretmanager.projects.secrets.getIamPolicy": "secretmanager.secrets.getIamPolicy",
    "cloudresourcemanager.projects.getIamPolicy": "resourcemanager.projects.getIamPolicy",
    "cloudresourcemanager.projects.getAncestry": "resourcemanager.projects.get",
    "cloudresourcemanager.folders.getIamPolicy": "resourcemanager.folders.getIamPolicy",
    "cloudresourcemanager.organizations.getIamPolicy": "resourcemanager.organizations.getIamPolicy",
    "cloudresourcemanager.projects.testIamPermissions": "",
    "iam.projects.serviceAccounts.list": "iam.serviceAccounts.list",
    "iam.projects.serviceAccounts.keys.list": "iam.serviceAccountKeys.list",
    "iam.projects.roles.get": "iam.roles.get",
    "iam.organizations.roles.get": "iam.roles.get",
    "iam.roles.get": "",
}
_LISTS = {"secrets": "secrets", "versions": "versions", "serviceAccounts": "accounts", "activities": "activities"}
SHOWN = ["secretmanager.secrets.get", "secretmanager.secrets.list", "secretmanager.versions.list"]
ROLES: dict[str, list[str]] = {
    "roles/secretmanager.secretAccessor": ["resourcemanager.projects.get", "secretmanager.versions.access"],
    "roles/secretmanager.viewer": SHOWN,
    "roles/secretmanager.admin": [
        *SHOWN,
        "secretmanager.versions.access",
        "secretmanager.versions.add",
        "secretmanager.secrets.delete",
        "secretmanager.secrets.setIamPolicy",
    ],
    "roles/owner": [
        *SHOWN,
        "secretmanager.versions.access",
        "secretmanager.secrets.setIamPolicy",
        "resourcemanager.projects.setIamPolicy",
    ],
    "roles/editor": [*SHOWN, "secretmanager.versions.add", "secretmanager.secrets.delete"],
    "roles/storage.objectViewer": ["storage.objects.get"],
}
"""A few of Google's roles, with some of what they allow."""


class Problem(Exception):
    """An answer with an error, as Google writes it."""

    def __init__(self, status: int, word: str, reason: str = "", message: str = "") -> None:
        super().__init__(word)
        details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}]
        error = {"code": status, "message": message or word, "status": word, "details": details if reason else []}
        self.reply = Reply(json.dumps({"error": error}).encode(), status, {"Content-Type": "application/json"})


NOW = datetime.now(UTC).replace(microsecond=0)


def ago(days: float) -> datetime:
    """Return a time so many days ago, in whole seconds."""
    return NOW - timedelta(days=days)


def at(time: datetime) -> str:
    """Return a time as Google writes it, with more digits than Python has."""
    return f"{time:%Y-%m-%dT%H:%M:%S}.123456789Z"


@dataclass
class Project:
    """What one project holds."""

    id: str = PROJECT
    number: str = NUMBER
    secrets: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By the part of the name that follows the project: secrets/X or locations/L/secrets/X."""
    versions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    values: dict[str, bytes] = field(default_factory=dict)
    policies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    bindings: list[dict[str, Any]] = field(default_factory=list)
    accounts: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    uses: dict[str, datetime] = field(default_factory=dict)
    """When an account or a key was used last, by the end of its name."""
    roles: dict[str, dict[str, Any]] = field(default_factory=dict)
    above: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Bindings of folders/N and organizations/N, the nearest first."""

    def secret(
        self,
        name: str,
        *made: datetime | float,
        location: str = "",
        value: bytes | str | None = None,
        states: Mapping[int, str] | None = None,
        created: datetime | None = None,
        **facts: Any,
    ) -> str:
        """Store a secret with versions made at these times, or so many days ago; returns its own part of the name."""
        times = [each if isinstance(each, datetime) else ago(each) for each in made]
        own = f"{f'locations/{location}/' if location else ''}secrets/{name}"
        full = f"projects/{self.number}/{own}"
        replication = {} if location else {"replication": {"automatic": {}}}
        born = created or (times[0] if times else ago(1))
        self.secrets[own] = {"name": full, "createTime": at(born), "etag": '"1"', **replication, **facts}
        self.versions[own] = []
        for number, time in enumerate(times, 1):
            state = (states or {}).get(number, "ENABLED")
            told = {"name": f"{full}/versions/{number}", "createTime": at(time), "state": state, "etag": '"1"'}
            if state == "DESTROYED":
                told["destroyTime"] = at(ago(0))
            self.versions[own].insert(0, told)
            given = secrets.token_urlsafe(24) if value is None else value
            self.values[f"{own}/versions/{number}"] = given if isinstance(given, bytes) else given.encode()
        return own

    def account(self, name: str, *keys: float, used: datetime | None = None, **facts: Any) -> str:
        """Make a service account with keys of so many days; returns its address."""
        email = f"{name}@{self.id}.iam.gserviceaccount.com"
        unique = str(10**20 + secrets.randbelow(10**20))
        full = f"projects/{self.id}/serviceAccounts/{email}"
        self.accounts.append({"name": full, "email": email, "projectId": self.id, "uniqueId": unique, **facts})
        self.keys[email] = [
            {
                "name": f"{full}/keys/{secrets.token_hex(20)}",
                "validAfterTime": at(ago(age)),
                "validBeforeTime": "9999-12-31T23:59:59Z",
                "keyAlgorithm": "KEY_ALG_RSA_2048",
                "keyOrigin": "GOOGLE_PROVIDED",
                "keyType": "USER_MANAGED",
            }
            for age in keys
        ]
        if used:
            self.uses[email] = used
        return email

    def allow(self, role: str, *members: str, on: str = "", condition: tuple[str, str] | None = None) -> None:
        """Bind a role, on the project, on a secret, or on what is above."""
        binding: dict[str, Any] = {"role": role, "members": list(members)}
        if condition:
            binding["condition"] = {"title": condition[0], "expression": condition[1]}
        if on.startswith(("folders/", "organizations/")):
            self.above.setdefault(on, []).append(binding)
        else:
            (self.policies.setdefault(on, []) if on else self.bindings).append(binding)


@dataclass
class GoogleAPI:
    """Google, as far as it is needed; called with each request by a loopback server."""

    project: Project = field(default_factory=Project)
    rights: set[str] = field(default_factory=lambda: {EVERYTHING})
    answers: dict[str, Callable[[Asked], Reply | None]] = field(default_factory=dict)
    """What to answer otherwise, by the method's id; `*` for every one."""
    asked: list[str] = field(default_factory=list)
    """The ids of methods that were asked for."""
    broken: list[str] = field(default_factory=list)
    """How requests or answers differ from Google's own description."""
    most: int = 1000
    """Entries on a page at most, whatever is asked for."""
    revoked: bool = False
    clock: timedelta = timedelta(0)
    """How far its clock is ahead."""
    _tokens: dict[str, int] = field(default_factory=dict)
    _lock: Any = field(default_factory=threading.RLock)

    @property
    def credential(self) -> str:
        """What the source's credential holds: a key of a service account of the project."""
        return json.dumps(
            {
                "type": "service_account",
                "project_id": self.project.id,
                "private_key_id": "1",
                "private_key": _pems()[0],
                "client_email": f"posture@{self.project.id}.iam.gserviceaccount.com",
                "token_uri": "https://oauth2.googleapis.com/token",
            }
        )

    def __call__(self, asked: Asked) -> Reply:
        """Answer a request."""
        with self._lock:
            try:
                return self._answered(asked)
            except Problem as problem:
                return problem.reply

    def _answered(self, asked: Asked) -> Reply:
        found = method_of(asked.method, asked.path)
        if found is None:
            self.broken.append(f"no method {asked.method} {asked.path}")
            raise Problem(404, "NOT_FOUND")
        method, parts, query = found
        own = method.id.replace(".locations", "")
        self.asked.append(own)
        self.broken += wrong_with_request(method, query, asked.body)
        chosen = self.answers.get(own) or self.answers.get("*")
        if chosen and (reply := chosen(asked)):
            return reply
        self._judge(asked, own, parts)
        told = self._told(own, parts, query, json.loads(asked.body or b"{}"), asked.path)
        self.broken += wrong_with_answer(method, told)
        if "enum-encoding=int" in query.get("$alt", ""):
            told = _numbered(told)
        return Reply(json.dumps(told).encode(), 200, {"Content-Type": "application/json; charset=UTF-8"})

    def _judge(self, asked: Asked, own: str, parts: list[str]) -> None:
        token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, certs=_pems()[1], verify=True, clock_skew_in_seconds=86_400 * 400)
        except ValueError:
            raise Problem(401, "UNAUTHENTICATED", "CREDENTIALS_MISSING") from None
        now = (datetime.now(UTC) + self.clock).timestamp()
        if self.revoked or not claims["iat"] - 300 <= now <= claims["exp"]:
            raise Problem(401, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED")
        right = _RIGHTS.get(own)
        if own.startswith("policyanalyzer."):
            right = f"policyanalyzer.{parts[2]}Activities.query"
        if right is None:
            raise Problem(501, "UNIMPLEMENTED")
        if right and not {right, EVERYTHING} & self.rights:
            raise Problem(403, "PERMISSION_DENIED", "IAM_PERMISSION_DENIED")
        if own.startswith("cloudresourcemanager.") and "projects" in own:
            inside = parts[0] in (self.project.id, self.project.number)
        else:
            inside = ".projects." not in own or parts[0] in (self.project.id, self.project.number)
        if not inside:
            raise Problem(403, "PERMISSION_DENIED", "IAM_PERMISSION_DENIED")

    def _told(self, own: str, parts: list[str], query: dict[str, str], body: dict[str, Any], target: str) -> Any:
        project = self.project
        service, *_, last = own.split(".")
        if last == "list" and own.endswith("secrets.list"):
            place = f"locations/{parts[1]}/secrets/" if len(parts) == 2 else "secrets/"
            held = [each for name, each in reversed(project.secrets.items()) if name.startswith(place)]
            return self._page("secrets", held, query) | {"totalSize": len(held)}
        if service == "secretmanager":
            return self._of_secret(last, parts, query)
        if last == "list" and own.endswith("serviceAccounts.list"):
            return self._page("accounts", project.accounts, query)
        if own.endswith("keys.list"):
            if parts[1] not in project.keys:
                raise Problem(404, "NOT_FOUND")
            wanted = query.get("keyTypes", "USER_MANAGED")
            found = [each for each in project.keys[parts[1]] if each["keyType"] == wanted]
            return {"keys": found} if found else {}
        if last == "get":
            return self._role(target)
        if service == "policyanalyzer":
            return self._page("activities", [self._use(parts[2], *each) for each in self._uses(parts[2])], query)
        if last == "getAncestry":
            kinds = {"folders": "folder", "organizations": "organization"}
            chain = [f"projects/{project.id}", *project.above]
            ids = [each.partition("/")[::2] for each in chain]
            return {"ancestor": [{"resourceId": {"type": kinds.get(kind, "project"), "id": n}} for kind, n in ids]}
        if last == "testIamPermissions":
            every = EVERYTHING in self.rights
            return {"permissions": [each for each in body["permissions"] if every or each in self.rights]}
        above = {"folders": "folders/", "organizations": "organizations/"}.get(own.split(".")[1], "")
        bindings = project.above.get(f"{above}{parts[0]}", []) if above else project.bindings
        return self._policy(bindings, body.get("options", {}).get("requestedPolicyVersion", 1))

    def _of_secret(self, last: str, parts: list[str], query: dict[str, str]) -> Any:
        numbered = last == "access"
        location = parts[1] if len(parts) == 3 + numbered else ""
        name = parts[-2] if numbered else parts[-1]
        own = f"{f'locations/{location}/' if location else ''}secrets/{name}"
        if own not in self.project.secrets:
            raise Problem(404, "NOT_FOUND")
        versions = self.project.versions[own]
        if last == "list":
            return self._page("versions", versions, query) | {"totalSize": len(versions)}
        if last == "getIamPolicy":
            version = int(query.get("options.requestedPolicyVersion", 1))
            return self._policy(self.project.policies.get(own, []), version)
        version = next((each for each in versions if each["name"].endswith(f"/versions/{parts[-1]}")), None)
        if version is None:
            raise Problem(404, "NOT_FOUND")
        if version["state"] != "ENABLED":
            raise Problem(400, "FAILED_PRECONDITION")
        value = self.project.values[f"{own}/versions/{parts[-1]}"]
        payload = {"data": base64.b64encode(value).decode(), "dataCrc32c": str(crc32c(value))}
        return {"name": version["name"], "payload": payload}

    def _policy(self, bindings: list[dict[str, Any]], version: int) -> Any:
        if version >= 3 or not any("condition" in each for each in bindings):
            return {"version": 3, "etag": "BwY=", "bindings": bindings} if bindings else {"etag": "ACAB"}
        # Who asks for an older version is not shown what the role hangs on.
        shown = [
            {**each, "role": f"{each['role']}_withcond_{secrets.token_hex(10)}"} if "condition" in each else each
            for each in bindings
        ]
        hidden = [{name: value for name, value in each.items() if name != "condition"} for each in shown]
        return {"version": 1, "etag": "BwY=", "bindings": hidden}

    def _role(self, target: str) -> Any:
        name = target.partition("/v1/")[2].partition("?")[0]
        if name in self.project.roles:
            return {"name": name, "etag": "BwY=", **self.project.roles[name]}
        if name not in ROLES:
            raise Problem(404, "NOT_FOUND")
        return {"name": name, "title": name, "stage": "GA", "etag": "AA==", "includedPermissions": ROLES[name]}

    def _uses(self, kind: str) -> list[tuple[str, datetime]]:
        keys = kind == "serviceAccountKeyLastAuthentication"
        return [(name, time) for name, time in self.project.uses.items() if ("/keys/" in name) == keys]

    def _use(self, kind: str, name: str, time: datetime) -> Any:
        full = f"//iam.googleapis.com/projects/{self.project.id}/serviceAccounts/{name}"
        period = {"startTime": at(ago(90)), "endTime": at(ago(1))}
        activity = {"lastAuthenticatedTime": f"{time:%Y-%m-%d}T07:00:00Z"}
        return {"fullResourceName": full, "activityType": kind, "observationPeriod": period, "activity": activity}

    def _page(self, name: str, entries: list[Any], query: Mapping[str, str]) -> dict[str, Any]:
        start = 0
        if token := query.get("pageToken", ""):
            if token not in self._tokens:
                raise Problem(400, "INVALID_ARGUMENT")
            start = self._tokens[token]
        size = min(int(query.get("pageSize", 0)) or self.most, self.most)
        page: dict[str, Any] = {name: entries[start : start + size]} if entries[start:] else {}
        if start + size < len(entries):
            token = secrets.token_urlsafe(12)
            self._tokens[token] = start + size
            page["nextPageToken"] = token
        return page


def problem(
    status: int, word: str = "PERMISSION_DENIED", reason: str = "", message: str = ""
) -> Callable[[Asked], Reply]:
    """Return an answer with an error."""
    return lambda asked: Problem(status, word, reason, message).reply


def after(good: int, then: Callable[[Asked], Reply]) -> Callable[[Asked], Reply | None]:
    """Return an answer that is Google's own so many times, and another one from then on."""
    left = [good]

    def answer(asked: Asked) -> Reply | None:
        left[0] -= 1
        return None if left[0] >= 0 else then(asked)

    return answer


def _numbered(told: Any) -> Any:
    """Write enumerations as numbers, as Google's own client asks for."""
    from google.cloud.secretmanager_v1 import Secret, SecretVersion

    if isinstance(told, list):
        return [_numbered(each) for each in told]
    if not isinstance(told, dict):
        return told
    found = {name: _numbered(each) for name, each in told.items()}
    if re.search(r"/versions/\d+$", str(told.get("name"))) and "state" in told:
        found["state"] = SecretVersion.State[told["state"]].value
    if "secretType" in told:
        found["secretType"] = Secret.SecretType[told["secretType"]].value
    return found


@cache
def _pems() -> tuple[str, str]:
    """Return the private and the public half of a key that only this test run has."""
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


__all__ = ["EVERYTHING", "NUMBER", "PROJECT", "GoogleAPI", "Problem", "Project", "after", "ago", "problem"]
