"""Credentials that Tavily issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="tavily",
    label="Tavily",
    opens="Searches at the account's cost.",
    revoke="app.tavily.com > API keys > Delete or regenerate.",
    rotate="Create a second key, deploy it, then delete the first.",
    documentation="https://docs.tavily.com/",
    formats=(
        Format(
            slug="tavily-api-key",
            label="Tavily API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\btvly-(?:dev-|prod-)?[A-Za-z0-9]{32}\b",
            examples=("TAVILY_API_KEY=tvly-<[A-Za-z0-9]{32}>",),
            counter_examples=("tvly-<[A-Za-z0-9]{20}>", "tvly-<[x]{32}>"),
            public_prefix="tvly-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
