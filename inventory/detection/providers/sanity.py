"""Credentials that Sanity issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="sanity",
    label="Sanity",
    opens="Reads and writes the content of the project, as the token's role.",
    revoke="sanity.io/manage > the project > API > Tokens > Delete.",
    rotate="Add a second token with the same role, deploy it, then delete the first.",
    documentation="https://www.sanity.io/docs/http-auth",
    formats=(
        Format(
            slug="sanity-token",
            label="Sanity API token",
            kind=CredentialKind.API_KEY,
            pattern=r"(?i:sanity)[\w .-]{0,24}[\s\"':=>,(]{1,6}(?P<value>sk[A-Za-z0-9]{80,180})\b",
            examples=("SANITY_API_TOKEN=sk<[A-Za-z0-9]{178}>",),
            counter_examples=("SANITY_API_TOKEN=sk<[A-Za-z0-9]{20}>",),
            public_prefix="sk",
            min_entropy=3.7,
        ),
    ),
)
