"""Credentials that OpenWeather issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="openweather",
    label="OpenWeather",
    opens="Reads weather data at the account's cost.",
    revoke="home.openweathermap.org > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://openweathermap.org/appid",
    formats=(
        Format(
            slug="openweather-api-key",
            label="OpenWeather API key",
            kind=CredentialKind.API_KEY,
            pattern=near(r"(?:open_?weather(?:_?map)?|pyowm|\bowm)", "[a-z0-9]{32}"),
            examples=("OPENWEATHER_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("OPENWEATHER_API_KEY=<[a-f0-9]{27}>", "OPENWEATHER_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
