"""Credentials that ipgeolocation.io issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="ipgeolocation",
    label="ipgeolocation.io",
    opens="Looks up addresses at the account's cost.",
    revoke="app.ipgeolocation.io > Dashboard > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://ipgeolocation.io/documentation.html",
    formats=(
        Format(
            slug="ipgeolocation-api-key",
            label="ipgeolocation.io API key",
            kind=CredentialKind.API_KEY,
            pattern=near("ip_?geolocation", "[a-z0-9]{32}"),
            examples=("IPGEOLOCATION_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("IPGEOLOCATION_API_KEY=<[a-f0-9]{27}>", "IPGEOLOCATION_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
