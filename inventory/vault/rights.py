"""The least rights that reading a Vault needs, as a policy that can be copied."""

from __future__ import annotations

# Path → capabilities, why. Only what the collector calls; a test reads a real server with exactly this.
_METADATA: tuple[tuple[str, str, str], ...] = (
    ("sys/mounts", "read", "What is mounted"),
    ("sys/auth", "read", ""),
    ("sys/namespaces", "list", ""),
    ("sys/policies/acl/*", "list read", "Policies"),
    ("+/metadata/*", "list read", "Key-value stores of version 2: names, ages and versions; never values"),
    ("kv1/*", "list", "Key-value stores of version 1: names. Write such a line for each of yours"),
    ("+/roles/*", "list read", "Roles of engines that make credentials, and what they keep"),
    ("+/role/*", "list read", ""),
    ("+/static-roles/*", "list read", ""),
    ("+/static-role/*", "list read", ""),
    ("+/rolesets/*", "list read", ""),
    ("+/certs/*", "list", "Certificates"),
    ("+/cert/*", "read", ""),
    ("+/keys/*", "list read", "Keys: versions and times, never the key"),
    ("sys/leases", "read sudo", "Leases: counted, and those that failed to revoke"),
    ("sys/leases/lookup/*", "list sudo", ""),
    ("auth/token/accessors/", "list sudo", "Live tokens, by their accessors"),
    ("auth/token/lookup-accessor", "update", ""),
    ("auth/token/roles/*", "list read", ""),
    ("auth/+/role/*", "list", "Roles and users of every way to log in"),
    ("auth/+/role/+", "list read", ""),
    ("auth/+/roles/+", "list read", ""),
    ("auth/+/users/*", "list read", ""),
    ("auth/+/groups/*", "list read", ""),
    ("auth/+/certs/*", "list read", ""),
    ("auth/+/role/+/secret-id-accessor/lookup", "update", "Ages of the secret ids of AppRoles"),
    ("identity/entity/id/*", "list read", "Entities and groups"),
    ("identity/group/id/*", "list read", ""),
    ("auth/token/lookup-self", "read", "Whether the credential itself still holds"),
    ("sys/capabilities-self", "update", ""),
)
_VALUES = (
    ("+/data/*", "read"),
    ("+/+/data/*", "read"),
    ("kv1/*", "list read"),
    # So that a secret id that leaks beside its role id is known to be this AppRole's.
    ("auth/+/role/+/role-id", "read"),
)


def least_rights() -> str:
    """Return the policy, with what only fingerprints need as comments at its end."""
    lines = ["# Metadata only: with this no value can be read."]
    for path, capabilities, why in _METADATA:
        lines += [f"# {why}"] if why else []
        lines.append(_block(path, capabilities))
    lines += ["", "# The same in the namespaces one level below."]
    lines += [_block(f"+/{path}", capabilities) for path, capabilities, _ in _METADATA]
    lines += [
        "",
        "# Only where fingerprints are switched on: values. Name each mount, or at least leave out what is not",
    ]
    lines.append("# to be compared; kv1 stands for a key-value store of version 1.")
    lines += [f"# {_block(path, capabilities)}" for path, capabilities in _VALUES]
    return "\n".join(lines) + "\n"


def _block(path: str, capabilities: str) -> str:
    listed = ", ".join(f'"{each}"' for each in capabilities.split())
    return f'path "{path}" {{ capabilities = [{listed}] }}'


__all__ = ["least_rights"]
