"""A small API server of Kubernetes that keeps state: objects, pages, metadata alone, tokens, and RBAC that it enforces.

No real one is to be had from the package registries. What this one says is judged by Kubernetes' own client and by its
published OpenAPI document, see tests/contracts/test_kubernetes_contract.py.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.services.certificates import Authority
from tests.services.fault_server import Asked, FaultServer, Reply, fault_server

RBAC = "rbac.authorization.k8s.io"
KINDS = {
    "namespaces": ("v1", "Namespace"),
    "secrets": ("v1", "Secret"),
    "configmaps": ("v1", "ConfigMap"),
    "serviceaccounts": ("v1", "ServiceAccount"),
    "pods": ("v1", "Pod"),
    "deployments": ("apps/v1", "Deployment"),
    "statefulsets": ("apps/v1", "StatefulSet"),
    "daemonsets": ("apps/v1", "DaemonSet"),
    "jobs": ("batch/v1", "Job"),
    "cronjobs": ("batch/v1", "CronJob"),
    "roles": (f"{RBAC}/v1", "Role"),
    "rolebindings": (f"{RBAC}/v1", "RoleBinding"),
    "clusterroles": (f"{RBAC}/v1", "ClusterRole"),
    "clusterrolebindings": (f"{RBAC}/v1", "ClusterRoleBinding"),
}
CLUSTER_WIDE = {"namespaces", "clusterroles", "clusterrolebindings"}
VERSION = {
    "major": "1",
    "minor": "34",
    "gitVersion": "v1.34.2",
    "gitCommit": "0" * 40,
    "gitTreeState": "clean",
    "buildDate": "2026-01-05T12:00:00Z",
    "goVersion": "go1.25",
    "compiler": "gc",
    "platform": "linux/amd64",
}
NOW = datetime.now(UTC).replace(microsecond=0)


def ago(days: float) -> datetime:
    """Return a time so many days ago."""
    return NOW - timedelta(days=days)


def said(time: datetime) -> str:
    """Return a time as Kubernetes writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Somebody:
    """Who a token is for."""

    user: str
    groups: tuple[str, ...] = ("system:authenticated",)


@dataclass
class KubernetesAPI:
    """A cluster."""

    server: FaultServer | None = None
    objects: dict[str, dict[tuple[str, str], dict[str, Any]]] = field(
        default_factory=lambda: {resource: {} for resource in KINDS}
    )
    tokens: dict[str, Somebody] = field(default_factory=dict)
    offers_tables: bool = True
    forgets_after: int = 0
    """After so many pages of a list, the next one has expired (410), each time."""
    refuses_after: int = 0
    """After so many requests nothing is allowed any more."""
    version: int = 1000
    admin: str = ""
    _pages: int = 0
    _requests: int = 0

    def __post_init__(self) -> None:
        self.admin = self.token_for(Somebody("admin", ("system:masters", "system:authenticated")))

    @property
    def url(self) -> str:
        """Return its address."""
        assert self.server is not None
        return self.server.url("")

    @property
    def asked(self) -> list[Asked]:
        """Return what it was asked."""
        assert self.server is not None
        return self.server.asked

    def token_for(self, who: Somebody) -> str:
        """Make a token."""
        token = secrets.token_urlsafe(30)
        self.tokens[token] = who
        return token

    def account_token(self, namespace: str, name: str) -> str:
        """Make a token of a service account."""
        groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated")
        return self.token_for(Somebody(f"system:serviceaccount:{namespace}:{name}", groups))

    # What a cluster holds

    def put(
        self,
        resource: str,
        name: str,
        namespace: str = "",
        *,
        created: datetime | None = None,
        writes: Mapping[str, datetime] | None = None,
        meta: Mapping[str, Any] | None = None,
        **content: Any,
    ) -> dict[str, Any]:
        """Keep an object; `writes` says when which of its fields was written, each by a writer of its own."""
        self.version += 1
        made = created or ago(400)
        version, kind = KINDS[resource]
        written = writes if writes is not None else {f"f:{key}": made for key in content}
        managers = [
            {
                "manager": f"writer-{number}",
                "operation": "Update",
                "apiVersion": version,
                "time": said(at),
                "fieldsType": "FieldsV1",
                "fieldsV1": {path: {}},
            }
            for number, (path, at) in enumerate(written.items())
        ]
        metadata = {
            "name": name,
            "uid": secrets.token_hex(16),
            "resourceVersion": str(self.version),
            "creationTimestamp": said(made),
        } | ({"managedFields": managers} if managers else {})
        metadata |= ({"namespace": namespace} if namespace else {}) | dict(meta or {})
        found = {"apiVersion": version, "kind": kind, "metadata": metadata} | content
        self.objects[resource][namespace, name] = found
        return found

    def namespace(self, name: str, **labels: str) -> None:
        """Make a namespace with the account that each has."""
        self.put("namespaces", name, meta={"labels": labels}, spec={"finalizers": ["kubernetes"]}, status={})
        self.put("serviceaccounts", "default", name)

    def secret(
        self, namespace: str, name: str, data: Mapping[str, str] | None = None, kind: str = "Opaque", **more: Any
    ) -> dict[str, Any]:
        """Store a secret."""
        values = {key: base64.b64encode(value.encode()).decode() for key, value in (data or {"key": "x"}).items()}
        created = more.pop("created", None) or ago(400)
        writes = more.pop("writes", {"f:data": more.pop("changed", created)})
        return self.put("secrets", name, namespace, created=created, writes=writes, data=values, type=kind, **more)

    def role(self, name: str, *rules: Mapping[str, Any], namespace: str = "", **more: Any) -> None:
        """Make a role, of the whole cluster where no namespace is named."""
        self.put("roles" if namespace else "clusterroles", name, namespace, rules=list(rules), **more)

    def bind(self, role: str, *subjects: Mapping[str, str], namespace: str = "", name: str = "") -> None:
        """Give a role to somebody; `role` is role/NAME or clusterrole/NAME."""
        kind, _, own = role.partition("/")
        reference = {
            "apiGroup": RBAC,
            "kind": {"role": "Role", "clusterrole": "ClusterRole"}[kind],
            "name": own,
        }
        resource = "rolebindings" if namespace else "clusterrolebindings"
        self.put(
            resource,
            name or f"{own}-{len(self.objects[resource])}",
            namespace,
            roleRef=reference,
            subjects=[dict(each) for each in subjects],
        )

    # How it answers

    def answer(self, asked: Asked) -> Any:
        """Answer one request."""
        self._requests += 1
        parts = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        headers = {name.lower(): value for name, value in asked.headers.items()}
        who = self.tokens.get(headers.get("authorization", "").removeprefix("Bearer "))
        if who is None:
            return _status(401, "Unauthorized")
        if parts.path.rstrip("/") == "/version":
            return _json(VERSION)
        if parts.path == "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews" and asked.method == "POST":
            return self._review(who, json.loads(asked.body))
        if asked.method != "GET":
            return _status(405, "MethodNotAllowed")
        found = _place(parts.path)
        if found is None:
            return _status(404, "NotFound")
        resource, namespace, name = found
        verb = "get" if name else "list"
        gone = self.refuses_after and self._requests > self.refuses_after
        if gone or not self.allows(who, verb, _group(resource), resource, namespace, name):
            return _status(403, "Forbidden")
        accepts = [each.strip() for each in headers.get("accept", "*/*").split(",")]
        return (
            self._one(resource, namespace, name, accepts) if name else self._list(resource, namespace, query, accepts)
        )

    def allows(self, who: Somebody, verb: str, group: str, resource: str, namespace: str = "", name: str = "") -> bool:
        """Say what RBAC says."""
        if "system:masters" in who.groups:
            return True
        bindings = [(each, "") for each in self.objects["clusterrolebindings"].values()]
        bindings += [(each, space) for (space, _), each in self.objects["rolebindings"].items() if space == namespace]
        for binding, space in bindings:
            if not any(_is(who, subject) for subject in binding.get("subjects", ())):
                continue
            reference = binding["roleRef"]
            kind = "clusterroles" if reference["kind"] == "ClusterRole" else "roles"
            role = self.objects[kind].get(("" if kind == "clusterroles" else space, reference["name"]), {})
            if any(_fits(rule, verb, group, resource, name) for rule in role.get("rules") or ()):
                return True
        return False

    def _review(self, who: Somebody, review: dict[str, Any]) -> Reply:
        wanted = review["spec"]["resourceAttributes"]
        resource = wanted["resource"] + (f"/{wanted['subresource']}" if wanted.get("subresource") else "")
        allowed = self.allows(who, wanted["verb"], wanted.get("group", ""), resource, wanted.get("namespace", ""))
        return _json(review | {"metadata": {}, "status": {"allowed": allowed}}, 201)

    def _one(self, resource: str, namespace: str, name: str, accepts: list[str]) -> Reply:
        found = self.objects[resource].get((namespace, name))
        if found is None:
            return _status(404, "NotFound")
        if any("as=PartialObjectMetadata;" in each for each in accepts):
            return _json(_partial(found))
        return _json(found) if {"application/json", "*/*"} & set(accepts) else _status(406, "NotAcceptable")

    def _list(self, resource: str, namespace: str, query: Mapping[str, str], accepts: list[str]) -> Reply:
        rows = self.objects[resource]
        keys = sorted(key for key in rows if not namespace or key[0] == namespace)
        after, expired = _continued(query.get("continue", ""))
        self._pages += 1
        if query.get("continue") and not expired and self.forgets_after and self._pages > self.forgets_after:
            self._pages = 0
            return _status(410, "Expired", {"continue": _token(after, anew=True)})
        keys = [key for key in keys if key > after]
        limit = int(query.get("limit") or 0) or len(keys)
        page, rest = keys[:limit], keys[limit:]
        meta = {"resourceVersion": str(self.version)}
        if rest:
            meta |= {"continue": _token(page[-1]), "remainingItemCount": len(rest)}
        found = [rows[key] for key in page]
        version, kind = KINDS[resource]
        for accept in accepts:
            if "as=Table;" in accept and self.offers_tables:
                return _json(_table(resource, found, meta))
            if "as=PartialObjectMetadataList;" in accept:
                return _json(
                    {
                        "kind": "PartialObjectMetadataList",
                        "apiVersion": "meta.k8s.io/v1",
                        "metadata": meta,
                        "items": [_partial(each) for each in found],
                    }
                )
            if accept in ("application/json", "*/*"):
                bare = [
                    {key: value for key, value in each.items() if key not in ("kind", "apiVersion")} for each in found
                ]
                return _json({"kind": f"{kind}List", "apiVersion": version, "metadata": meta, "items": bare})
        return _status(406, "NotAcceptable")


def _place(path: str) -> tuple[str, str, str] | None:
    """Return resource, namespace and name that a path means."""
    segments = [unquote(each) for each in path.strip("/").split("/")]
    base = 2 if segments[0] == "api" else 3
    group = "/".join(segments[1:base])
    rest = segments[base:]
    namespace = ""
    if len(rest) >= 3 and rest[0] == "namespaces":
        namespace, rest = rest[1], rest[2:]
    if not rest or len(rest) > 2 or rest[0] not in KINDS or KINDS[rest[0]][0] != group:
        return None
    if namespace and rest[0] in CLUSTER_WIDE:
        return None
    return rest[0], namespace, rest[1] if len(rest) == 2 else ""


def _group(resource: str) -> str:
    version, _ = KINDS[resource]
    return version.rpartition("/")[0]


def _is(who: Somebody, subject: Mapping[str, str]) -> bool:
    if subject["kind"] == "Group":
        return subject["name"] in who.groups
    if subject["kind"] == "ServiceAccount":
        return who.user == f"system:serviceaccount:{subject['namespace']}:{subject['name']}"
    return who.user == subject["name"]


def _fits(rule: Mapping[str, Any], verb: str, group: str, resource: str, name: str) -> bool:
    def has(field: str, value: str) -> bool:
        return not {value, "*"}.isdisjoint(rule.get(field) or ())

    names = rule.get("resourceNames")
    return (
        has("verbs", verb) and has("apiGroups", group) and has("resources", resource) and (not names or name in names)
    )


def _partial(found: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": found["metadata"]}


def _table(resource: str, found: list[dict[str, Any]], meta: dict[str, Any]) -> dict[str, Any]:
    """Return what `kubectl get` is given; the cells of secrets are their name, type and number of entries."""
    names = ["Name", "Type", "Data", "Age"] if resource == "secrets" else ["Name", "Age"]
    columns = [
        {
            "name": name,
            "type": "integer" if name == "Data" else "string",
            "format": "name" if name == "Name" else "",
            "description": name,
            "priority": 0,
        }
        for name in names
    ]
    rows = []
    for each in found:
        cells = {
            "Name": each["metadata"]["name"],
            "Type": each.get("type"),
            "Data": len(each.get("data") or ()),
            "Age": "9d",
        }
        rows.append({"cells": [cells[name] for name in names], "object": _partial(each)})
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": meta,
        "columnDefinitions": columns,
        "rows": rows,
    }


def _token(key: tuple[str, str], *, anew: bool = False) -> str:
    return base64.urlsafe_b64encode(json.dumps([*key, anew]).encode()).decode()


def _continued(token: str) -> tuple[tuple[str, str], bool]:
    if not token:
        return ("", ""), False
    namespace, name, anew = json.loads(base64.urlsafe_b64decode(token))
    return (namespace, name), anew


def _json(content: Any, status: int = 200) -> Reply:
    return Reply(json.dumps(content).encode(), status, {"Content-Type": "application/json"})


def _status(code: int, reason: str, meta: dict[str, Any] | None = None) -> Reply:
    body = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": meta or {},
        "status": "Failure",
        "message": f"{reason} here",
        "reason": reason,
        "code": code,
    }
    return _json(body, code)


@contextmanager
def kubernetes_api(authority: Authority | None = None) -> Iterator[KubernetesAPI]:
    """Serve a cluster until the block ends."""
    cluster = KubernetesAPI()
    with fault_server(cluster.answer, authority=authority) as server:
        cluster.server = server
        yield cluster


def pod(*, account: str = "", env: list[Any] = (), **spec: Any) -> dict[str, Any]:  # type: ignore[assignment]
    """Return the description of a pod with one container."""
    container = {"name": "app", "image": "registry.example/app:1", "env": list(env)} | spec.pop("container", {})
    found = {"containers": [container]} | spec
    return found | ({"serviceAccountName": account} if account else {})


def template(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the specification of a workload that makes such pods."""
    labels = {"app": "x"}
    return {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": dict(spec)}}


def rule(verbs: str, resources: str, group: str = "", *names: str) -> dict[str, Any]:
    """Return a rule of a role."""
    found: dict[str, Any] = {"verbs": verbs.split(), "resources": resources.split(), "apiGroups": [group]}
    return found | ({"resourceNames": list(names)} if names else {})


def person(name: str) -> dict[str, str]:
    """Return a user as a binding names one."""
    return {"kind": "User", "apiGroup": RBAC, "name": name}


def group(name: str) -> dict[str, str]:
    """Return a group as a binding names one."""
    return {"kind": "Group", "apiGroup": RBAC, "name": name}


def account(namespace: str, name: str) -> dict[str, str]:
    """Return a service account as a binding names one."""
    return {"kind": "ServiceAccount", "namespace": namespace, "name": name}
