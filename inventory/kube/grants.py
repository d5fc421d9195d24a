"""What the rules of a role let somebody do with secrets, as the API server's RBAC judges them: pure.

Rules only add up. Kubernetes has no right to metadata alone: who may list or watch secrets is handed their values,
and so is who may patch one, since the answer is the whole object.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from inventory.kube.metadata import is_subdomain, texts
from inventory.kube.subjects import MASTERS
from inventory.store_records import Capability, GrantRecord, Matching

_R, _L, _W, _D = Capability.READ, Capability.LIST, Capability.WRITE, Capability.DELETE
_ORDER = tuple(Capability)
_GIVES: Mapping[str, frozenset[Capability]] = {
    "get": frozenset({_R}),
    "list": frozenset({_R, _L}),
    "watch": frozenset({_R, _L}),
    "create": frozenset({_W}),
    "update": frozenset({_W}),
    "patch": frozenset({_R, _W}),
    "delete": frozenset({_D}),
    "deletecollection": frozenset({_D}),
    "*": frozenset({_R, _L, _W, _D}),
}
# A request that makes something, or means all of them, names none, so that no rule with names allows it.
_NAMELESS = frozenset({"create", "deletecollection"})
_MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class _Way:
    """Another right that leads to secrets."""

    group: str
    resources: frozenset[str]
    verbs: frozenset[str]
    capability: Capability
    condition: str
    words: str
    top_level: bool = True
    """Whether `create` names no object yet."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MOUNTS = "unless an admission rule keeps new pods from using the secret"
_WRITES = _words("create update patch")
# Kubernetes' own "Role Based Access Control Good Practices", "Privilege escalation risks".
_WAYS: tuple[_Way, ...] = (
    _Way("", _words("pods"), _words("create"), _R, _MOUNTS, "may start pods that are handed any secret there"),
    _Way("", _words("replicationcontrollers"), _WRITES, _R, _MOUNTS, "may start pods"),
    _Way("apps", _words("deployments statefulsets daemonsets replicasets"), _WRITES, _R, _MOUNTS, "may start pods"),
    _Way("batch", _words("jobs cronjobs"), _WRITES, _R, _MOUNTS, "may start pods"),
    _Way(
        "",
        _words("pods/exec pods/attach pods/ephemeralcontainers"),
        _words("create get update patch"),
        _R,
        "as far as pods that run there hold the secret",
        "may run commands in pods",
        top_level=False,
    ),
    _Way(
        "",
        _words("nodes/proxy"),
        _words("create get"),
        _R,
        "as far as pods of a node hold the secret",
        "may speak to nodes as the cluster does",
        top_level=False,
    ),
    _Way(
        "",
        _words("users groups serviceaccounts"),
        _words("impersonate"),
        Capability.ADMIN,
        "as far as those may whom it takes the place of",
        "may act as somebody else",
        top_level=False,
    ),
    _Way(
        "rbac.authorization.k8s.io",
        _words("roles clusterroles"),
        _words("escalate bind"),
        Capability.ADMIN,
        "once it gives itself the rights, which it may",
        "may give rights that it does not have",
        top_level=False,
    ),
    _Way(
        "rbac.authorization.k8s.io",
        _words("roles clusterroles rolebindings clusterrolebindings"),
        _WRITES | _words("delete deletecollection escalate bind"),
        Capability.MANAGE,
        "",
        "may change who has rights",
    ),
)
_OF_NODES = _words("nodes/proxy")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a role."""

    groups: frozenset[str]
    resources: tuple[str, ...]
    verbs: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Rule:
        """Read one, as far as it is about objects."""
        return cls(
            frozenset(texts(given.get("apiGroups"))),
            tuple(texts(given.get("resources"))),
            tuple(texts(given.get("verbs"))),
            tuple(texts(given.get("resourceNames"))),
        )

    def about(self, group: str, resource: str) -> bool:
        """Say whether it means a kind of object."""
        if self.groups.isdisjoint({group, "*"}):
            return False
        _, slash, sub = resource.partition("/")
        alike = {resource, "*"} | ({f"*/{sub}"} if slash else set())
        return not alike.isdisjoint(self.resources)

    def allows(self, verbs: frozenset[str]) -> frozenset[str]:
        """Return which of these verbs it gives."""
        return verbs if "*" in self.verbs else verbs & frozenset(self.verbs)

    @property
    def everything(self) -> bool:
        """Whether nothing is kept back."""
        return "*" in self.groups and "*" in self.resources and "*" in self.verbs and not self.names


def grants_of(principal: str, label: str, rules: Iterable[Mapping[str, Any]], namespace: str) -> Iterator[GrantRecord]:
    """Yield what the rules of a role give, in one namespace or, where that is empty, in all."""
    for given in rules:
        rule = Rule.of(given)
        if rule.everything:
            yield everything(principal, f"{label}: every verb on everything", namespace)
            continue
        yield from _direct(principal, label, rule, namespace)
        yield from _tokens(principal, label, rule, namespace)
        yield from _ways(principal, label, rule, namespace)


def everything(principal: str, words: str, namespace: str = "") -> GrantRecord:
    """Return the grant of all there is."""
    pattern = f"namespaces/{namespace}/*" if namespace else "*"
    return GrantRecord(principal, pattern, Matching.GLOB, (Capability.ADMIN,), words, wildcard=True)


def masters(principal: str) -> GrantRecord:
    """Return what the group system:masters has, which no role says: the API server asks no rule about it."""
    return everything(principal, f"group {MASTERS}: everything, past every role")


def _direct(principal: str, label: str, rule: Rule, namespace: str) -> Iterator[GrantRecord]:
    if not rule.about("", "secrets"):
        return
    verbs = [verb for verb in rule.verbs if verb in _GIVES and not (rule.names and verb in _NAMELESS)]
    if not rule.names:
        found = frozenset().union(*(_GIVES[verb] for verb in verbs))
        if found:
            words = f"{label}: {', '.join(verbs)} secrets{_said_of(verbs)}"
            yield _grant(principal, _pattern(namespace, "secrets"), found, words, wildcard=True)
        return
    # With names "*" gives everything but what names nothing.
    found = frozenset().union(*(_GIVES[verb] for verb in verbs))
    names = [name for name in rule.names if is_subdomain(name)]
    for name in names if found else ():
        words = f"{label}: {', '.join(verbs)} secret {name}{_said_of(verbs)}"
        yield _grant(principal, _pattern(namespace, "secrets", name), found, words)


def _tokens(principal: str, label: str, rule: Rule, namespace: str) -> Iterator[GrantRecord]:
    """Yield whose tokens may be made: that is an operation on an account that exists, so that names hold."""
    if not rule.about("", "serviceaccounts/token") or not rule.allows(frozenset({"create"})):
        return
    for name in rule.names or ("*",):
        if name == "*" or is_subdomain(name):
            whose = f"of {name}" if rule.names else "of any service account there"
            words = f"{label}: create serviceaccounts/token (makes a token {whose})"
            pattern = _pattern(namespace, "serviceaccounts", name) + "/token"
            yield _grant(principal, pattern, frozenset({_R}), words, wildcard=not rule.names)


def _ways(principal: str, label: str, rule: Rule, namespace: str) -> Iterator[GrantRecord]:
    for way in _WAYS:
        if namespace and way.resources == _OF_NODES:
            continue
        resources = sorted(each for each in way.resources if rule.about(way.group, each))
        verbs = rule.allows(way.verbs)
        if rule.names and way.top_level:
            verbs -= _NAMELESS
        if resources and verbs:
            named = f" ({len(rule.names)} of them)" if rule.names else ""
            words = f"{label}: {', '.join(sorted(verbs))} {', '.join(resources)}{named} ({way.words})"
            pattern = _pattern(namespace, "secrets")
            yield _grant(principal, pattern, frozenset({way.capability}), words, condition=way.condition)


def _pattern(namespace: str, kind: str, name: str = "*") -> str:
    return f"namespaces/{namespace or '*'}/{kind}/{name}"


def _said_of(verbs: list[str]) -> str:
    """Say where a verb gives more than its name tells."""
    for verb, words in (("list", "lists hand out values"), ("watch", "who watches is handed values")):
        if verb in verbs and "get" not in verbs:
            return f" ({words})"
    if "patch" in verbs and not {"get", "list", "watch", "*"} & set(verbs):
        return " (whoever patches is answered with the values)"
    return ""


def _grant(
    principal: str,
    pattern: str,
    capabilities: frozenset[Capability],
    words: str,
    *,
    wildcard: bool = False,
    condition: str = "",
) -> GrantRecord:
    matching = Matching.GLOB if "*" in pattern else Matching.EXACT
    told = tuple(each for each in _ORDER if each in capabilities)
    return GrantRecord(principal, pattern, matching, told, words, wildcard=wildcard, condition=condition)


__all__ = ["Rule", "everything", "grants_of", "masters"]
