"""Credentials that NewsAPI issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="newsapi",
    label="NewsAPI",
    opens="Reads news at the account's cost.",
    revoke="newsapi.org > Account > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://newsapi.org/docs/authentication",
    formats=(
        Format(
            slug="newsapi-api-key",
            label="NewsAPI API key",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:news_?api[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-f0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("NEWSAPI_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("NEWSAPI_API_KEY=<[a-f0-9]{27}>", "NEWSAPI_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
