"""Credentials that Spotify issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="spotify",
    label="Spotify",
    opens="Signs in as the app, and with a person's token reads and changes their library.",
    revoke="developer.spotify.com/dashboard > the app > Settings > Rotate client secret.",
    rotate="Rotating ends the old secret at once: deploy in the same minute, or add a second app first.",
    documentation="https://developer.spotify.com/documentation/web-api/concepts/apps",
    formats=(
        Format(
            slug="spotify-client-secret",
            label="Spotify client id or secret",
            kind=CredentialKind.API_KEY,
            pattern=near("spotify", "[a-z0-9]{32}", called="secret|key|token|id"),
            examples=("SPOTIFY_CLIENT_SECRET=<[a-f0-9]{32}>",),
            counter_examples=("SPOTIFY_CLIENT_SECRET=<[a-f0-9]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
