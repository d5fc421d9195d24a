"""The least rights that reading a project needs, as roles and commands that can be copied."""

from __future__ import annotations

from inventory.gcp.accounts import ACCOUNT_USES, ACCOUNTS_RIGHT, KEY_USES, KEYS_RIGHT, USES_RIGHT
from inventory.gcp.manager import LIST_RIGHT, POLICY_RIGHT, VERSIONS_RIGHT
from inventory.gcp.roles import ACCESS

METADATA: tuple[str, ...] = (
    "iam.roles.get",
    KEYS_RIGHT,
    ACCOUNTS_RIGHT,
    USES_RIGHT.format(KEY_USES),
    USES_RIGHT.format(ACCOUNT_USES),
    "resourcemanager.projects.get",
    "resourcemanager.projects.getIamPolicy",
    POLICY_RIGHT,
    LIST_RIGHT,
    VERSIONS_RIGHT,
)
"""None of these hands out a value."""
VALUES: tuple[str, ...] = (ACCESS,)
"""What fingerprints need on top: it hands values out."""
ABOVE: tuple[str, ...] = (
    "iam.roles.get",
    "resourcemanager.folders.getIamPolicy",
    "resourcemanager.organizations.getIamPolicy",
)
"""What the rights that folders and the organisation give need on top, granted there."""
_ACCOUNT = "serviceAccount:secrets-posture@PROJECT.iam.gserviceaccount.com"


def role(title: str, permissions: tuple[str, ...]) -> str:
    """Return a custom role as gcloud takes it from a file."""
    listed = "".join(f"- {each}\n" for each in permissions)
    return f"title: {title}\nstage: GA\nincludedPermissions:\n{listed}"


def least_rights() -> str:
    """Return the roles, each with what it is for and the commands that make it."""
    services = " ".join(f"{name}.googleapis.com" for name in ("secretmanager", "iam", "cloudresourcemanager"))
    parts = (
        "# Once for each project. The last API only tells when keys were used last.\n"
        f"# gcloud services enable {services} policyanalyzer.googleapis.com --project=PROJECT",
        "# Metadata only: with this no value can be read. Save it as metadata.yaml.\n"
        + role("Secrets Posture, metadata", METADATA)
        + _made("--project=PROJECT", "projects", "secretsPostureMetadata", "metadata.yaml"),
        "# Only where fingerprints are switched on: values. Bind it to single secrets to narrow it.\n"
        + role("Secrets Posture, fingerprints", VALUES)
        + _made("--project=PROJECT", "projects", "secretsPostureValues", "values.yaml"),
        "# Only to know the rights that folders and the organisation give as well.\n"
        + role("Secrets Posture, rights from above", ABOVE)
        + _made("--organization=ORGANIZATION", "organizations", "secretsPostureAbove", "above.yaml"),
    )
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _made(where: str, kind: str, name: str, file: str) -> str:
    holder = kind.removesuffix("s")
    owner = where.partition("=")[2]
    return (
        f"# gcloud iam roles create {name} {where} --file={file}\n"
        f"# gcloud {kind} add-iam-policy-binding {owner} --condition=None \\\n"
        f"#   --member={_ACCOUNT} --role={holder}s/{owner}/roles/{name}\n"
    )


__all__ = ["ABOVE", "METADATA", "VALUES", "least_rights"]
