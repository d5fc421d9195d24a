"""Credentials that Mattermost issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="mattermost",
    label="Mattermost",
    opens="Acts on a Mattermost server as the user or bot that owns the token.",
    revoke=(
        "Mattermost > Profile > Security > Personal access tokens > Delete; bots under Integrations > Bot accounts; "
        "or POST /api/v4/users/tokens/revoke."
    ),
    rotate="Create a second token for the bot account, deploy it, then revoke the first.",
    documentation="https://developers.mattermost.com/integrate/reference/personal-access-token/",
    formats=(
        Format(
            slug="mattermost-access-token",
            label="Mattermost access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near(r"(?:mattermost|\bmm_)", "[a-z0-9]{26}"),
            examples=("MATTERMOST_TOKEN=<[a-z0-9]{26}>",),
            counter_examples=("MATTERMOST_TOKEN=<[a-z0-9]{20}>", "MATTERMOST_TOKEN=<[x]{26}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
