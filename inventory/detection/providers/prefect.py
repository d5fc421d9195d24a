"""Credentials that Prefect Cloud issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="prefect",
    label="Prefect Cloud",
    opens="Runs and reads flows of the workspaces that its user or service account may see.",
    revoke="app.prefect.cloud > Profile > API keys > Delete; service accounts under the account's settings > Rotate.",
    rotate=(
        "Service accounts: Rotate key with a grace period for the old one; users: create a second key, deploy, "
        "delete the first."
    ),
    documentation="https://docs.prefect.io/v3/manage/cloud/manage-users/api-keys",
    formats=(
        Format(
            slug="prefect-api-key",
            label="Prefect Cloud API key",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bpn[ub]_[A-Za-z0-9]{36}\b",
            examples=("PREFECT_API_KEY=pnu_<[A-Za-z0-9]{36}>",),
            counter_examples=("pnu_<[A-Za-z0-9]{20}>", "pnu_<[x]{36}>"),
            public_prefix="pnu_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
