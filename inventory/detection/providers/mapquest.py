"""Credentials that MapQuest issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="mapquest",
    label="MapQuest",
    opens="Calls maps and geocoding at the account's cost.",
    revoke="developer.mapquest.com > Manage keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developer.mapquest.com/documentation/",
    formats=(
        Format(
            slug="mapquest-api-key",
            label="MapQuest API key",
            kind=CredentialKind.API_KEY,
            pattern=near("mapquest", "[A-Za-z0-9]{32}"),
            examples=("MAPQUEST_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("MAPQUEST_API_KEY=<[A-Za-z0-9]{27}>", "MAPQUEST_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
