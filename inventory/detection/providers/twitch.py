"""Credentials that Twitch issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="twitch",
    label="Twitch",
    opens="A stream key broadcasts on the channel; a client secret or token acts as the app or the person.",
    revoke=(
        "dashboard.twitch.tv > Settings > Stream > Primary stream key > Reset; apps under dev.twitch.tv/console > "
        "Manage > New secret; tokens with POST /oauth2/revoke."
    ),
    rotate="A new client secret ends the old at once: deploy it in the same minute; app tokens are made anew.",
    documentation="https://dev.twitch.tv/docs/authentication/",
    formats=(
        Format(
            slug="twitch-stream-key",
            label="Twitch stream key",
            kind=CredentialKind.API_KEY,
            pattern=r"\blive_[0-9]{8,10}_[A-Za-z0-9]{30}\b",
            examples=("STREAM_KEY=live_<[0-9]{9}>_<[A-Za-z0-9]{30}>",),
            counter_examples=("live_<[0-9]{9}>_<[A-Za-z0-9]{12}>", "live_<[0-9]{4}>_<[A-Za-z0-9]{30}>"),
            public_prefix="live_",
            min_entropy=3.0,
        ),
        Format(
            slug="twitch-secret",
            label="Twitch client secret or token",
            kind=CredentialKind.API_KEY,
            pattern=near("twitch", "[a-z0-9]{30}"),
            examples=("TWITCH_CLIENT_SECRET=<[a-z0-9]{30}>",),
            counter_examples=("TWITCH_CLIENT_SECRET=<[a-z0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
