"""Credentials that Ticketmaster issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="ticketmaster",
    label="Ticketmaster",
    opens="Reads events at the app's rate limit.",
    revoke="developer.ticketmaster.com > My apps > the app > Keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developer.ticketmaster.com/products-and-docs/apis/getting-started/",
    formats=(
        Format(
            slug="ticketmaster-api-key",
            label="Ticketmaster API key",
            kind=CredentialKind.API_KEY,
            pattern=near("ticketmaster", "[A-Za-z0-9]{32}"),
            examples=("TICKETMASTER_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("TICKETMASTER_API_KEY=<[A-Za-z0-9]{27}>", "TICKETMASTER_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
