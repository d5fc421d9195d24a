"""Credentials that Humanity issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="humanity",
    label="Humanity",
    opens="Reads and changes shifts and staff of the company.",
    revoke="humanity.com > Settings > API v2 > the application > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://platform.humanity.com/",
    formats=(
        Format(
            slug="humanity-api-key",
            label="Humanity API key",
            kind=CredentialKind.API_KEY,
            pattern=near("humanity", "[a-z0-9]{40}"),
            examples=("HUMANITY_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("HUMANITY_API_KEY=<[a-f0-9]{35}>", "HUMANITY_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
