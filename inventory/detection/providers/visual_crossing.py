"""Credentials that Visual Crossing issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="visual-crossing",
    label="Visual Crossing",
    opens="Reads weather data at the account's cost.",
    revoke="visualcrossing.com/account > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://www.visualcrossing.com/resources/documentation/",
    formats=(
        Format(
            slug="visual-crossing-api-key",
            label="Visual Crossing API key",
            kind=CredentialKind.API_KEY,
            pattern=near("visual_?crossing", "[A-Z0-9]{25}"),
            examples=("VISUAL_CROSSING_API_KEY=<[A-Z0-9]{25}>",),
            counter_examples=("VISUAL_CROSSING_API_KEY=<[A-Z0-9]{20}>", "VISUAL_CROSSING_API_KEY=<[x]{25}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
