"""Credentials that Cloudsmith issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="cloudsmith",
    label="Cloudsmith",
    opens="Pulls and pushes packages as the user or service account that owns the key.",
    revoke=(
        "cloudsmith.io > the account > API settings > Refresh key; service accounts under the organisation > "
        "Accounts > Services."
    ),
    rotate="Create a second service account with the same privileges, deploy its key, then delete the first.",
    documentation="https://help.cloudsmith.io/docs/api-key",
    formats=(
        Format(
            slug="cloudsmith-api-key",
            label="Cloudsmith API key",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near("cloudsmith", "[a-f0-9]{40}"),
            examples=("CLOUDSMITH_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("CLOUDSMITH_API_KEY=<[a-f0-9]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
