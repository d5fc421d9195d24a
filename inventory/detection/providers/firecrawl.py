"""Credentials that Firecrawl issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="firecrawl",
    label="Firecrawl",
    opens="Crawls and scrapes at the account's cost.",
    revoke="firecrawl.dev > Dashboard > API keys > Delete.",
    rotate="Create a second key, deploy it, then delete the first.",
    documentation="https://docs.firecrawl.dev/introduction",
    formats=(
        Format(
            slug="firecrawl-api-key",
            label="Firecrawl API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bfc-[a-f0-9]{32}\b",
            examples=("FIRECRAWL_API_KEY=fc-<[a-f0-9]{32}>",),
            counter_examples=("fc-<[a-f0-9]{20}>",),
            public_prefix="fc-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
