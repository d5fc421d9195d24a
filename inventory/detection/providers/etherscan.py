"""Credentials that Etherscan and its sister explorers issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="etherscan",
    label="Etherscan and its sister explorers",
    opens="Reads chain data under the account's rate limit.",
    revoke="etherscan.io > API dashboard > the key > Edit > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.etherscan.io/getting-an-api-key",
    formats=(
        Format(
            slug="etherscan-api-key",
            label="Etherscan and its sister explorers API key",
            kind=CredentialKind.API_KEY,
            pattern=near("(?:ether|bsc|polygon|arbi|snow|ftm|base)_?scan", "[A-Z0-9]{34}"),
            examples=("ETHERSCAN_API_KEY=<[A-Z0-9]{34}>",),
            counter_examples=("ETHERSCAN_API_KEY=<[A-Z0-9]{29}>", "ETHERSCAN_API_KEY=<[x]{34}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
