"""Says what a credential allows in a cluster, by asking the API server itself; reads no value."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.collector import Ability
from inventory.kube.client import KubeClient
from inventory.kube.rights import METADATA, VALUES, WORKLOADS

_GIVES = {
    "namespaces": "which namespaces there are",
    "secrets": "names, types and ages of secrets",
    "serviceaccounts": "who workloads run as",
    "clusterroles": "who may do what",
    "clusterrolebindings": "who may do what",
    "rolebindings": "who may do what",
    "roles": "who may do what",
    "configmaps": "secrets that stand in ConfigMaps",
}
_ADD = "Add it to the rights of this source's credential, see the least rights."


def abilities(client: KubeClient, namespaces: list[str], *, workloads: bool, values: bool) -> Iterator[Ability]:
    """Yield what can be done in the cluster, or in the first namespace that was named."""
    where = namespaces[0] if namespaces else ""
    wanted = METADATA + (WORKLOADS if workloads else ()) + (VALUES if values else ())
    first = True
    for group, resources, verbs in wanted:
        for resource in resources:
            for verb in verbs:
                if where and resource == "namespaces":
                    continue
                # What belongs to the whole cluster has no namespace to be asked in.
                space = "" if resource.startswith("cluster") else where
                allowed = client.allows(verb, group, resource, space)
                if first:
                    first = False
                    yield Ability("Connect and sign in", True, "the cluster's API")
                gives = _GIVES.get(resource, "who is handed which secret")
                if (resource, verb) == ("secrets", "get"):
                    gives = "fingerprints"
                detail = "" if allowed else _ADD if allowed is False else "Kubernetes does not say."
                name = f"{verb.capitalize()} {resource}{f' in {space}' if space else ''}"
                yield Ability(name, allowed, gives, detail)
    if not values and client.allows("list", "", "secrets", where):
        yield Ability(
            "Read values of secrets",
            True,
            "nothing that is used",
            "Kubernetes has no right to metadata alone: whoever may list secrets may read them. This source asks for "
            "metadata only; keep its credential as you keep the secrets.",
        )


__all__ = ["abilities"]
