"""Credentials that CryptoCompare (CoinDesk) issues."""

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
            pattern=(
                r"(?i:cryptocompare[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-z0-9]{64})(?:[^\w-]|$)"
            ),
            examples=("CRYPTOCOMPARE_API_KEY=<[a-f0-9]{64}>",),
            counter_examples=("CRYPTOCOMPARE_API_KEY=<[a-f0-9]{59}>", "CRYPTOCOMPARE_API_KEY=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
