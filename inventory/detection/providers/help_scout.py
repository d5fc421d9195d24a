"""Credentials that Help Scout issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="help-scout",
    label="Help Scout",
    opens="Reads and changes conversations and customers as the app's user.",
    revoke="secure.helpscout.net > Your profile > My apps (or Authentication > API keys) > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developer.helpscout.com/mailbox-api/overview/authentication/",
    formats=(
        Format(
            slug="help-scout-api-key",
            label="Help Scout API key",
            kind=CredentialKind.API_KEY,
            pattern=near("help_?scout", "[A-Za-z0-9]{40}|[A-Za-z0-9]{32}"),
            examples=("HELP_SCOUT_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("HELP_SCOUT_API_KEY=<[A-Za-z0-9]{27}>", "HELP_SCOUT_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
