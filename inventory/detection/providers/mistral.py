"""Credentials that Mistral AI issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="mistral",
    label="Mistral AI",
    opens="Calls the models at the workspace's cost.",
    revoke="console.mistral.ai > API keys > Delete.",
    rotate="Create a second key with an expiry, deploy it, then delete the first.",
    documentation="https://docs.mistral.ai/getting-started/quickstart/",
    formats=(
        Format(
            slug="mistral-api-key",
            label="Mistral API key",
            kind=CredentialKind.API_KEY,
            pattern=near("mistral", "[A-Za-z0-9]{32}"),
            examples=("MISTRAL_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("MISTRAL_API_KEY=<[A-Za-z0-9]{30}>", "MISTRAL_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
            opens_organisation=True,
        ),
    ),
)
