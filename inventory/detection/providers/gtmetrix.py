"""Credentials that GTmetrix issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="gtmetrix",
    label="GTmetrix",
    opens="Tests pages at the account's cost.",
    revoke="gtmetrix.com > Account > API > the key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://gtmetrix.com/api/docs/2.0/",
    formats=(
        Format(
            slug="gtmetrix-api-key",
            label="GTmetrix API key",
            kind=CredentialKind.API_KEY,
            pattern=near("gtmetrix", "[a-f0-9]{32}"),
            examples=("GTMETRIX_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("GTMETRIX_API_KEY=<[a-f0-9]{27}>", "GTMETRIX_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
