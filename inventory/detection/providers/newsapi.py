"""Credentials that NewsAPI issues."""

from inventory.detection.context import near
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
            pattern=near("news_?api", "[a-f0-9]{32}"),
            examples=("NEWSAPI_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("NEWSAPI_API_KEY=<[a-f0-9]{27}>", "NEWSAPI_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
