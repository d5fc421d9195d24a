"""Credentials that StackHawk issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="stackhawk",
    label="StackHawk",
    opens="Starts scans and reads findings of the organisation.",
    revoke="app.stackhawk.com > Settings > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.stackhawk.com/",
    formats=(
        Format(
            slug="stackhawk-api-key",
            label="StackHawk API key",
            kind=CredentialKind.CI_TOKEN,
            pattern=r"\b(?P<value>hawk\.[A-Za-z0-9_-]{20}\.[A-Za-z0-9_-]{20})(?:[^\w-]|$)",
            examples=("HAWK_API_KEY=hawk.<[A-Za-z0-9_-]{20}>.<[A-Za-z0-9_-]{20}>",),
            counter_examples=("hawk.<[A-Za-z0-9_-]{20}>.<[A-Za-z0-9_-]{8}>",),
            public_prefix="hawk.",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
