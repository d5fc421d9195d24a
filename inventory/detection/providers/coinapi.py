"""Credentials that CoinAPI issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="coinapi",
    label="CoinAPI",
    opens="Reads market data at the account's cost.",
    revoke="console.coinapi.io > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.coinapi.io/",
    formats=(
        Format(
            slug="coinapi-api-key",
            label="CoinAPI API key",
            kind=CredentialKind.API_KEY,
            pattern=near("coin_?api", "[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}|[A-Z0-9-]{36}"),
            examples=("COINAPI_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("COINAPI_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
