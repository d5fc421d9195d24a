"""Credentials that IP2Location issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="ip2location",
    label="IP2Location",
    opens="Looks up addresses at the account's cost.",
    revoke="ip2location.io > Dashboard > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://www.ip2location.io/ip2location-documentation",
    formats=(
        Format(
            slug="ip2location-api-key",
            label="IP2Location API key",
            kind=CredentialKind.API_KEY,
            pattern=near("ip2location", "[A-Z0-9]{32}"),
            examples=("IP2LOCATION_API_KEY=<[A-Z0-9]{32}>",),
            counter_examples=("IP2LOCATION_API_KEY=<[A-Z0-9]{27}>", "IP2LOCATION_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
