"""Credentials that Lokalise issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="lokalise",
    label="Lokalise",
    opens="Reads and changes translations of the person's projects.",
    revoke="app.lokalise.com > Profile settings > API tokens > Delete.",
    rotate="Create a second API token, deploy it, then delete the first.",
    documentation="https://developers.lokalise.com/reference/api-authentication",
    formats=(
        Format(
            slug="lokalise-api-token",
            label="Lokalise API token",
            kind=CredentialKind.API_KEY,
            pattern=near("lokalise", "[a-z0-9]{40}"),
            examples=("LOKALISE_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("LOKALISE_API_KEY=<[a-f0-9]{35}>", "LOKALISE_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
