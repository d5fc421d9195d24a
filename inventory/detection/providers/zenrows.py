"""Credentials that ZenRows issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="zenrows",
    label="ZenRows",
    opens="Scrapes at the account's cost.",
    revoke="app.zenrows.com > Settings > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.zenrows.com/",
    formats=(
        Format(
            slug="zenrows-api-key",
            label="ZenRows API key",
            kind=CredentialKind.API_KEY,
            pattern=near("zenrows", "[a-f0-9]{40}"),
            examples=("ZENROWS_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("ZENROWS_API_KEY=<[a-f0-9]{35}>", "ZENROWS_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
