"""Credentials that Storyblok issues."""

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
            pattern=(
                r"(?i:storyblok[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?"
                r"(?P<value>[A-Za-z0-9]{22}tt(?:-[0-9]{5,6}-[A-Za-z0-9_-]{20})?|[A-Za-z0-9]{24})(?:[^\w-]|$)"
            ),
            examples=("STORYBLOK_TOKEN=<[A-Za-z0-9]{24}>",),
            counter_examples=("STORYBLOK_TOKEN=<[A-Za-z0-9]{19}>", "STORYBLOK_TOKEN=<[x]{24}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
