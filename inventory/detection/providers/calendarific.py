"""Credentials that Calendarific issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="calendarific",
    label="Calendarific",
    opens="Reads holidays at the account's cost.",
    revoke="calendarific.com > Account > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://calendarific.com/api-documentation",
    formats=(
        Format(
            slug="calendarific-api-key",
            label="Calendarific API key",
            kind=CredentialKind.API_KEY,
            pattern=near("calendarific", "[a-z0-9]{32}"),
            examples=("CALENDARIFIC_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("CALENDARIFIC_API_KEY=<[a-f0-9]{27}>", "CALENDARIFIC_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
