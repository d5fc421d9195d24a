"""Credentials that OpenCage issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="opencage",
    label="OpenCage",
    opens="Geocodes at the account's cost.",
    revoke="opencagedata.com/dashboard > Geocoding API > the key > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://opencagedata.com/api",
    formats=(
        Format(
            slug="opencage-api-key",
            label="OpenCage API key",
            kind=CredentialKind.API_KEY,
            pattern=near("open_?cage", "[a-z0-9]{32}"),
            examples=("OPENCAGE_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("OPENCAGE_API_KEY=<[a-f0-9]{27}>", "OPENCAGE_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
