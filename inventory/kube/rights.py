"""The least rights that reading a cluster needs, as manifests that can be copied."""

from __future__ import annotations

_CORE, _RBAC = "", "rbac.authorization.k8s.io"
# (API group, resources, verbs): only what the collector calls; a test reads a cluster with exactly this.
METADATA: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (_CORE, ("namespaces",), ("get", "list")),
    (_CORE, ("secrets",), ("list",)),
    (_CORE, ("serviceaccounts",), ("list",)),
    (_RBAC, ("clusterroles",), ("get", "list")),
    (_RBAC, ("clusterrolebindings", "rolebindings", "roles"), ("list",)),
)
WORKLOADS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (_CORE, ("pods",), ("list",)),
    ("apps", ("daemonsets", "deployments", "statefulsets"), ("list",)),
    ("batch", ("cronjobs", "jobs"), ("list",)),
)
VALUES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (_CORE, ("secrets",), ("get",)),
    (_CORE, ("configmaps",), ("list",)),
)
NAME = "secrets-posture"


def least_rights() -> str:
    """Return the manifests, each part with what it is for."""
    return "\n".join(
        (
            "# A service account for the source. Its token: kubectl -n secrets-posture create token secrets-posture",
            "# --duration=24h, renewed by whatever keeps your credentials.",
            _manifest("v1", "Namespace", NAME),
            _manifest("v1", "ServiceAccount", NAME, f"  namespace: {NAME}"),
            "# Metadata only. Kubernetes has no right to metadata alone: `list` on secrets would hand out values to",
            "# whoever asks for them. This kind of source asks for metadata, and the server then sends no values.",
            _role(f"{NAME}-metadata", METADATA),
            _binding(f"{NAME}-metadata"),
            "# Only where workloads are looked at (who is handed which secret): their definitions may hold values.",
            _role(f"{NAME}-workloads", WORKLOADS),
            _binding(f"{NAME}-workloads"),
            "# Only where fingerprints are switched on: values. To compare some namespaces alone, make a RoleBinding",
            "# in each in place of this ClusterRoleBinding.",
            _role(f"{NAME}-fingerprints", VALUES),
            _binding(f"{NAME}-fingerprints", last=True),
        )
    )


def _manifest(version: str, kind: str, name: str, more: str = "") -> str:
    lines = [
        f"apiVersion: {version}",
        f"kind: {kind}",
        "metadata:",
        f"  name: {name}",
        *([more] if more else []),
        "---",
    ]
    return "\n".join(lines)


def _role(name: str, rules: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]) -> str:
    lines = [f"apiVersion: {_RBAC}/v1", "kind: ClusterRole", "metadata:", f"  name: {name}", "rules:"]
    for group, resources, verbs in rules:
        lines += [
            f'  - apiGroups: ["{group}"]',
            f"    resources: [{', '.join(resources)}]",
            f"    verbs: [{', '.join(verbs)}]",
        ]
    return "\n".join([*lines, "---"])


def _binding(name: str, *, last: bool = False) -> str:
    lines = [
        f"apiVersion: {_RBAC}/v1",
        "kind: ClusterRoleBinding",
        "metadata:",
        f"  name: {name}",
        f"roleRef: {{apiGroup: {_RBAC}, kind: ClusterRole, name: {name}}}",
        f"subjects: [{{kind: ServiceAccount, namespace: {NAME}, name: {NAME}}}]",
        "" if last else "---",
    ]
    return "\n".join(lines)


__all__ = ["METADATA", "VALUES", "WORKLOADS", "least_rights"]
