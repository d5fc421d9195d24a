"""Credentials that CryptoCompare (CoinDesk) issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="cryptocompare",
    label="CryptoCompare (CoinDesk)",
    opens="Reads market data at the account's cost.",
    revoke="developers.coindesk.com > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developers.coindesk.com/",
    formats=(
        Format(
            slug="cryptocompare-api-key",
            label="CryptoCompare (CoinDesk) API key",
            kind=CredentialKind.API_KEY,
            pattern=near("cryptocompare", "[a-z0-9]{64}"),
            examples=("CRYPTOCOMPARE_API_KEY=<[a-f0-9]{64}>",),
            counter_examples=("CRYPTOCOMPARE_API_KEY=<[a-f0-9]{59}>", "CRYPTOCOMPARE_API_KEY=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
