"""Credentials that Moralis issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="moralis",
    label="Moralis",
    opens="Reads chain data at the account's cost.",
    revoke="admin.moralis.com > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.moralis.com/",
    formats=(
        Format(
            slug="moralis-api-key",
            label="Moralis API key",
            kind=CredentialKind.API_KEY,
            pattern=near("moralis", "[A-Za-z0-9]{64}"),
            examples=("MORALIS_API_KEY=<[A-Za-z0-9]{64}>",),
            counter_examples=("MORALIS_API_KEY=<[A-Za-z0-9]{59}>", "MORALIS_API_KEY=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
