"""Credentials that Polygon.io issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="polygon-io",
    label="Polygon.io",
    opens="Reads market data at the account's cost.",
    revoke="polygon.io > Dashboard > Keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://polygon.io/docs",
    formats=(
        Format(
            slug="polygon-io-api-key",
            label="Polygon.io API key",
            kind=CredentialKind.API_KEY,
            pattern=near("polygon(?:[_.]?io)?", "[A-Za-z0-9_]{32}"),
            examples=("POLYGON_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("POLYGON_API_KEY=<[A-Za-z0-9]{27}>", "POLYGON_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
            opens_organisation=True,
        ),
    ),
)
