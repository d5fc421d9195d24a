"""Credentials that Storyblok issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="storyblok",
    label="Storyblok",
    opens="Reads content of the space (delivery token) or manages all spaces (personal token).",
    revoke="app.storyblok.com > the space > Settings > Access tokens > Delete.",
    rotate="Create a second access token, deploy it, then delete the first.",
    documentation="https://www.storyblok.com/docs/concepts/access-tokens",
    formats=(
        Format(
            slug="storyblok-access-token",
            label="Storyblok access token",
            kind=CredentialKind.API_KEY,
            pattern=near("storyblok", "[A-Za-z0-9]{22}tt(?:-[0-9]{5,6}-[A-Za-z0-9_-]{20})?|[A-Za-z0-9]{24}"),
            examples=("STORYBLOK_TOKEN=<[A-Za-z0-9]{24}>",),
            counter_examples=("STORYBLOK_TOKEN=<[A-Za-z0-9]{19}>", "STORYBLOK_TOKEN=<[x]{24}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
