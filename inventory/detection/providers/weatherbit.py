"""Credentials that Weatherbit issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="weatherbit",
    label="Weatherbit",
    opens="Reads weather data at the account's cost.",
    revoke="weatherbit.io > Account > Dashboard > Master API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://www.weatherbit.io/api",
    formats=(
        Format(
            slug="weatherbit-api-key",
            label="Weatherbit API key",
            kind=CredentialKind.API_KEY,
            pattern=near("weatherbit", "[a-z0-9]{32}"),
            examples=("WEATHERBIT_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("WEATHERBIT_API_KEY=<[a-f0-9]{27}>", "WEATHERBIT_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
