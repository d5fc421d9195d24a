"""Credentials that Nasdaq Data Link issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="nasdaq-data-link",
    label="Nasdaq Data Link",
    opens="Reads the data sets that the account subscribes to.",
    revoke="data.nasdaq.com > Account settings > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.data.nasdaq.com/docs/getting-started",
    formats=(
        Format(
            slug="nasdaq-data-link-api-key",
            label="Nasdaq Data Link API key",
            kind=CredentialKind.API_KEY,
            pattern=near("(?:nasdaq|quandl)", "[A-Za-z0-9_-]{20}"),
            examples=("NASDAQ_DATA_LINK_API_KEY=<[A-Za-z0-9]{20}>",),
            counter_examples=("NASDAQ_DATA_LINK_API_KEY=<[A-Za-z0-9]{15}>", "NASDAQ_DATA_LINK_API_KEY=<[x]{20}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
