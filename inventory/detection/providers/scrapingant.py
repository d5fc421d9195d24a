"""Credentials that ScrapingAnt issues."""

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
            pattern=(
                r"(?i:scraping_?ant[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-f0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("SCRAPINGANT_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("SCRAPINGANT_API_KEY=<[a-f0-9]{27}>", "SCRAPINGANT_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
