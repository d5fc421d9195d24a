"""Credentials that Coinbase issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="coinbase",
    label="Coinbase",
    opens="Reads balances and, with the trade or transfer permission, moves funds of the account.",
    revoke=(
        "portal.cdp.coinbase.com > API keys > the key > Delete; older keys under coinbase.com > Settings > API > "
        "Disable."
    ),
    rotate=(
        "Create a second key with the same portfolio, permissions and address list, deploy it, then delete the first."
    ),
    documentation="https://docs.cdp.coinbase.com/get-started/authentication/cdp-api-keys",
    formats=(
        Format(
            slug="coinbase-api-key",
            label="Coinbase API key or secret",
            kind=CredentialKind.API_KEY,
            pattern=near("coinbase", "[A-Za-z0-9_-]{64}|[A-Za-z0-9]{32}|[A-Za-z0-9]{16}"),
            examples=("COINBASE_API_SECRET=<[A-Za-z0-9]{32}>",),
            counter_examples=("COINBASE_API_SECRET=<[A-Za-z0-9]{20}>", "COINBASE_API_SECRET=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
