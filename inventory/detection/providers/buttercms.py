"""Credentials that ButterCMS issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="buttercms",
    label="ButterCMS",
    opens="Reads, and with a write token changes, the content of the site.",
    revoke="buttercms.com > Settings > API tokens > Delete.",
    rotate="Create a second API token, deploy it, then delete the first.",
    documentation="https://buttercms.com/docs/api/",
    formats=(
        Format(
            slug="buttercms-api-token",
            label="ButterCMS API token",
            kind=CredentialKind.API_KEY,
            pattern=near("butter_?cms", "[a-f0-9]{40}"),
            examples=("BUTTERCMS_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("BUTTERCMS_API_KEY=<[a-f0-9]{35}>", "BUTTERCMS_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
