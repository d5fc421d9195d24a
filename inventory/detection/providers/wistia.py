"""Credentials that Wistia issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="wistia",
    label="Wistia",
    opens="Reads, uploads and deletes videos as the token's permissions.",
    revoke="my.wistia.com > Account settings > API access > Delete.",
    rotate="Create a second API token, deploy it, then delete the first.",
    documentation="https://docs.wistia.com/docs/making-api-requests",
    formats=(
        Format(
            slug="wistia-api-token",
            label="Wistia API token",
            kind=CredentialKind.API_KEY,
            pattern=near("wistia", "[a-f0-9]{64}"),
            examples=("WISTIA_API_KEY=<[a-f0-9]{64}>",),
            counter_examples=("WISTIA_API_KEY=<[a-f0-9]{59}>", "WISTIA_API_KEY=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
