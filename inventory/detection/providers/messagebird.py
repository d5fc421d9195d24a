"""Credentials that Bird (MessageBird) issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="messagebird",
    label="Bird (MessageBird)",
    opens="Sends messages at the account's cost.",
    revoke="dashboard.messagebird.com > Developers > API access > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developers.messagebird.com/api/",
    formats=(
        Format(
            slug="messagebird-api-key",
            label="Bird (MessageBird) API key",
            kind=CredentialKind.API_KEY,
            pattern=near("message_?bird", "(?:live_|test_)?[A-Za-z0-9]{25}"),
            examples=("MESSAGEBIRD_API_KEY=<[A-Za-z0-9]{25}>",),
            counter_examples=("MESSAGEBIRD_API_KEY=<[A-Za-z0-9]{20}>", "MESSAGEBIRD_API_KEY=<[x]{25}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
