"""Credentials that Databricks issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="databricks",
    label="Databricks",
    opens="Runs jobs and reads data of the workspace as the user or service principal that owns the token.",
    revoke=(
        "Databricks > Settings > Developer > Access tokens > Revoke; administrators: DELETE "
        "/api/2.0/token-management/tokens/ID."
    ),
    rotate=(
        "Create a second token with a lifetime, deploy it, then revoke the first; better, use OAuth for service "
        "principals."
    ),
    documentation="https://docs.databricks.com/aws/en/dev-tools/auth/pat",
    formats=(
        Format(
            slug="databricks-pat",
            label="Databricks personal access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bdapi[a-f0-9]{32}(?:-[0-9])?\b",
            examples=("DATABRICKS_TOKEN=dapi<[a-f0-9]{32}>",),
            counter_examples=("dapi<[a-f0-9]{20}>", "dapi<[x]{32}>"),
            public_prefix="dapi",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="databricks-oauth-secret",
            label="Databricks OAuth client secret",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bdose[a-f0-9]{32}\b",
            examples=("DATABRICKS_CLIENT_SECRET=dose<[a-f0-9]{32}>",),
            counter_examples=("dose<[a-f0-9]{20}>",),
            public_prefix="dose",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
