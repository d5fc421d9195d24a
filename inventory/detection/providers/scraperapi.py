"""Credentials that ScraperAPI issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="scraperapi",
    label="ScraperAPI",
    opens="Scrapes at the account's cost.",
    revoke="dashboard.scraperapi.com > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.scraperapi.com/",
    formats=(
        Format(
            slug="scraperapi-api-key",
            label="ScraperAPI API key",
            kind=CredentialKind.API_KEY,
            pattern=near("scraper_?api", "[a-z0-9]{32}"),
            examples=("SCRAPERAPI_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("SCRAPERAPI_API_KEY=<[a-f0-9]{27}>", "SCRAPERAPI_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
