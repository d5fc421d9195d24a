"""Credentials that LINE issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="line",
    label="LINE",
    opens="Sends messages as the official account's bot and reads who wrote to it.",
    revoke=(
        "developers.line.biz > the channel > Messaging API > Channel access token > Reissue; or POST /v2/oauth/revoke."
    ),
    rotate=(
        "Long-lived tokens can be reissued with a delay of up to 24 hours for the old one; v2.1 tokens may be "
        "several at once."
    ),
    documentation="https://developers.line.biz/en/docs/messaging-api/channel-access-tokens/",
    formats=(
        Format(
            slug="line-channel-token",
            label="LINE channel access token",
            kind=CredentialKind.API_KEY,
            pattern=near(r"\bline", "[A-Za-z0-9+/]{150,190}={0,2}", beside="A-Za-z0-9+/="),
            examples=("LINE_CHANNEL_TOKEN=<[A-Za-z0-9+/]{168}>=",),
            counter_examples=("LINE_CHANNEL_TOKEN=<[A-Za-z0-9+/]{60}>=",),
            min_entropy=3.7,
        ),
        Format(
            slug="line-notify-token",
            label="LINE Notify token",
            kind=CredentialKind.API_KEY,
            pattern=near("line[_ -]?notify", "[A-Za-z0-9]{40,53}"),
            examples=("LINE_NOTIFY_TOKEN=<[A-Za-z0-9]{43}>",),
            counter_examples=("LINE_NOTIFY_TOKEN=<[A-Za-z0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
        ),
    ),
)
