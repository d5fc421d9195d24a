"""Credentials that Nightfall issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="nightfall",
    label="Nightfall",
    opens="Scans at the account's cost and reads its policies.",
    revoke="app.nightfall.ai > Developer platform > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://help.nightfall.ai/developer-api/nightfall_api/getting-started-with-the-developer-platform",
    formats=(
        Format(
            slug="nightfall-api-key",
            label="Nightfall API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bNF-[A-Za-z0-9]{32}\b",
            examples=("NIGHTFALL_API_KEY=NF-<[A-Za-z0-9]{32}>",),
            counter_examples=("NF-<[A-Za-z0-9]{20}>", "NF-<[x]{32}>"),
            public_prefix="NF-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
