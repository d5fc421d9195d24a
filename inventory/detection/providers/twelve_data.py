"""Credentials that Twelve Data issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="twelve-data",
    label="Twelve Data",
    opens="Reads market data at the account's cost.",
    revoke="twelvedata.com > Dashboard > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://twelvedata.com/docs",
    formats=(
        Format(
            slug="twelve-data-api-key",
            label="Twelve Data API key",
            kind=CredentialKind.API_KEY,
            pattern=near("twelve_?data", "[a-f0-9]{32}"),
            examples=("TWELVE_DATA_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("TWELVE_DATA_API_KEY=<[a-f0-9]{27}>", "TWELVE_DATA_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
