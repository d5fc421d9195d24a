"""Credentials that Rollbar issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="rollbar",
    label="Rollbar",
    opens="A read or write token reads error reports with their data; a client token only posts them.",
    revoke="rollbar.com > Project > Settings > Project access tokens > Delete or disable; or DELETE of the API.",
    rotate="Create a second token with the same scope, deploy it, then delete the first.",
    documentation="https://docs.rollbar.com/docs/access-tokens",
    formats=(
        Format(
            slug="rollbar-access-token",
            label="Rollbar access token",
            kind=CredentialKind.API_KEY,
            pattern=near("rollbar", "[a-f0-9]{32}"),
            examples=("ROLLBAR_ACCESS_TOKEN=<[a-f0-9]{32}>",),
            counter_examples=("ROLLBAR_ACCESS_TOKEN=<[a-f0-9]{30}>", "rollbar: <[a-f0-9]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
