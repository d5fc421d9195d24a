"""Credentials that RAWG issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="rawg",
    label="RAWG",
    opens="Reads game data at the account's rate limit.",
    revoke="rawg.io/apidocs > Account > API keys > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://rawg.io/apidocs",
    formats=(
        Format(
            slug="rawg-api-key",
            label="RAWG API key",
            kind=CredentialKind.API_KEY,
            pattern=near("rawg", "[a-f0-9]{32,34}"),
            examples=("RAWG_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("RAWG_API_KEY=<[a-f0-9]{27}>", "RAWG_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
