"""Credentials that Apify issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="apify",
    label="Apify",
    opens="Runs actors at the account's cost and reads its data.",
    revoke="console.apify.com > Settings > API & Integrations > Personal API tokens > Delete.",
    rotate="Create a second API token, deploy it, then delete the first.",
    documentation="https://docs.apify.com/platform/integrations/api",
    formats=(
        Format(
            slug="apify-api-token",
            label="Apify API token",
            kind=CredentialKind.API_KEY,
            pattern=near("apify", "[A-Za-z0-9]{36,46}|[A-Za-z0-9-]{36}"),
            examples=("APIFY_API_KEY=<[A-Za-z0-9]{36}>",),
            counter_examples=("APIFY_API_KEY=<[A-Za-z0-9]{31}>", "APIFY_API_KEY=<[x]{36}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
