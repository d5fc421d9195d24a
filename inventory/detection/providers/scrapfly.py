"""Credentials that Scrapfly issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="scrapfly",
    label="Scrapfly",
    opens="Scrapes at the account's cost.",
    revoke="scrapfly.io > Dashboard > the project > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://scrapfly.io/docs",
    formats=(
        Format(
            slug="scrapfly-api-key",
            label="Scrapfly API key",
            kind=CredentialKind.API_KEY,
            pattern=near("scrapfly", "scp-(?:live|test)-[a-f0-9]{32}"),
            examples=("SCRAPFLY_API_KEY=scp-live-<[a-f0-9]{32}>",),
            counter_examples=("SCRAPFLY_API_KEY=scp-live-<[a-f0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            public_prefix="scp-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
