"""Credentials that Eventbrite issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="eventbrite",
    label="Eventbrite",
    opens="Reads and changes events and attendees of the account.",
    revoke="eventbrite.com > Account settings > Developer links > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://www.eventbrite.com/platform/docs/authentication",
    formats=(
        Format(
            slug="eventbrite-api-key",
            label="Eventbrite API key",
            kind=CredentialKind.API_KEY,
            pattern=near("eventbrite", "[A-Z0-9]{20}"),
            examples=("EVENTBRITE_API_KEY=<[A-Z0-9]{20}>",),
            counter_examples=("EVENTBRITE_API_KEY=<[A-Z0-9]{15}>", "EVENTBRITE_API_KEY=<[x]{20}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
