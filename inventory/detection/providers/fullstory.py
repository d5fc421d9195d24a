"""Credentials that FullStory issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="fullstory",
    label="FullStory",
    opens="Reads recorded sessions and settings of the organisation, as the key's role.",
    revoke="app.fullstory.com > Settings > Integrations > API keys > Delete.",
    rotate="Create a second key with the same role, deploy it, then delete the first.",
    documentation="https://developer.fullstory.com/server/authentication/",
    formats=(
        Format(
            slug="fullstory-api-key",
            label="FullStory API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>(?:na|eu)[0-9]\.[A-Za-z0-9+/]{80,120}={0,2})(?:[^A-Za-z0-9+/=]|$)",
            examples=("FULLSTORY_API_KEY=na1.<[A-Za-z0-9+/]{100}>",),
            counter_examples=("na1.<[A-Za-z0-9+/]{20}>",),
            public_prefix="na1.",
            min_entropy=3.7,
            opens_organisation=True,
        ),
    ),
)
