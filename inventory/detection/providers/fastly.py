"""Credentials that Fastly issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="fastly",
    label="Fastly",
    opens="Changes and purges the CDN services that the token covers, including their logging endpoints.",
    revoke="manage.fastly.com > Account > API tokens > Delete; or DELETE https://api.fastly.com/tokens/ID.",
    rotate=(
        "Create a second token with the same scope and services, deploy it, check its last use, then delete the first."
    ),
    documentation="https://www.fastly.com/documentation/guides/account-info/user-management/using-api-tokens/",
    formats=(
        Format(
            slug="fastly-api-token",
            label="Fastly API token",
            kind=CredentialKind.API_KEY,
            pattern=near("fastly", "[A-Za-z0-9_-]{32}"),
            examples=("FASTLY_API_TOKEN=<[A-Za-z0-9_-]{32}>",),
            counter_examples=("FASTLY_API_TOKEN=<[A-Za-z0-9_-]{30}>", "FASTLY_API_TOKEN=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
            opens_organisation=True,
        ),
    ),
)
