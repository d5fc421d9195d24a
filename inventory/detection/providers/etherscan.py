"""Credentials that Etherscan and its sister explorers issues."""

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
            pattern=(
                r"(?i:(?:ether|bsc|polygon|arbi|snow|ftm|base)_?scan[\w ./?&-]{0,24}(?:key|token|secret|access"
                r"|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[A-Z0-9]{34})(?:[^\w-]|$)"
            ),
            examples=("ETHERSCAN_API_KEY=<[A-Z0-9]{34}>",),
            counter_examples=("ETHERSCAN_API_KEY=<[A-Z0-9]{29}>", "ETHERSCAN_API_KEY=<[x]{34}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
