"""Credentials that ScrapingBee issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="scrapingbee",
    label="ScrapingBee",
    opens="Scrapes at the account's cost.",
    revoke="app.scrapingbee.com > Account > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://www.scrapingbee.com/documentation/",
    formats=(
        Format(
            slug="scrapingbee-api-key",
            label="ScrapingBee API key",
            kind=CredentialKind.API_KEY,
            pattern=near("scrapingbee", "[A-Z0-9]{80}"),
            examples=("SCRAPINGBEE_API_KEY=<[A-Z0-9]{80}>",),
            counter_examples=("SCRAPINGBEE_API_KEY=<[A-Z0-9]{75}>", "SCRAPINGBEE_API_KEY=<[x]{80}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
