"""Credentials that ScrapingAnt issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="scrapingant",
    label="ScrapingAnt",
    opens="Scrapes at the account's cost.",
    revoke="app.scrapingant.com > Dashboard > API token > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.scrapingant.com/",
    formats=(
        Format(
            slug="scrapingant-api-key",
            label="ScrapingAnt API key",
            kind=CredentialKind.API_KEY,
            pattern=near("scraping_?ant", "[a-f0-9]{32}"),
            examples=("SCRAPINGANT_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("SCRAPINGANT_API_KEY=<[a-f0-9]{27}>", "SCRAPINGANT_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
