"""Credentials that Rollbar issues."""

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
            pattern=(
                r"(?i:rollbar[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-f0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("ROLLBAR_ACCESS_TOKEN=<[a-f0-9]{32}>",),
            counter_examples=("ROLLBAR_ACCESS_TOKEN=<[a-f0-9]{30}>", "rollbar: <[a-f0-9]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
