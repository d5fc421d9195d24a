"""Credentials that Sendbird issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="sendbird",
    label="Sendbird",
    opens="Reads and sends all messages of the application.",
    revoke="dashboard.sendbird.com > Settings > General > API tokens > Delete.",
    rotate="Create a second API token, deploy it, then delete the first.",
    documentation="https://sendbird.com/docs/chat/platform-api/v3/prepare-to-use-api",
    formats=(
        Format(
            slug="sendbird-api-token",
            label="Sendbird API token",
            kind=CredentialKind.API_KEY,
            pattern=near("sendbird", "[a-f0-9]{40}|[a-f0-9]{24}"),
            examples=("SENDBIRD_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("SENDBIRD_API_KEY=<[a-f0-9]{35}>", "SENDBIRD_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
