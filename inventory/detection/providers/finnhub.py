"""Credentials that Finnhub issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="finnhub",
    label="Finnhub",
    opens="Reads market data at the account's cost.",
    revoke="finnhub.io > Dashboard > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://finnhub.io/docs/api",
    formats=(
        Format(
            slug="finnhub-api-key",
            label="Finnhub API key",
            kind=CredentialKind.API_KEY,
            pattern=near("finnhub", "[a-z0-9]{20}(?:[a-z0-9]{20})?"),
            examples=("FINNHUB_API_KEY=<[a-z0-9]{20}>",),
            counter_examples=("FINNHUB_API_KEY=<[a-z0-9]{15}>", "FINNHUB_API_KEY=<[x]{20}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
