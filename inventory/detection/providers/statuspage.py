"""Credentials that Atlassian Statuspage issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="statuspage",
    label="Atlassian Statuspage",
    opens="Reads and changes status pages, their incidents and subscribers.",
    revoke="manage.statuspage.io > API info > Deactivate the key.",
    rotate="Create a second key for the user, deploy it, then deactivate the first.",
    documentation="https://developer.statuspage.io/",
    formats=(
        Format(
            slug="statuspage-api-key",
            label="Statuspage API key",
            kind=CredentialKind.API_KEY,
            pattern=near("statuspage", UUID),
            examples=("STATUSPAGE_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("STATUSPAGE_API_KEY=<[a-f0-9]{8}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
