"""Credentials that Intrinio issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="intrinio",
    label="Intrinio",
    opens="Reads market data at the account's cost.",
    revoke="account.intrinio.com > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.intrinio.com/documentation/api_v2/getting_started",
    formats=(
        Format(
            slug="intrinio-api-key",
            label="Intrinio API key",
            kind=CredentialKind.API_KEY,
            pattern=near("intrinio", "[A-Za-z0-9]{44}|[A-Za-z0-9]{32}=="),
            examples=("INTRINIO_API_KEY=<[A-Za-z0-9]{44}>",),
            counter_examples=("INTRINIO_API_KEY=<[A-Za-z0-9]{39}>", "INTRINIO_API_KEY=<[x]{44}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
