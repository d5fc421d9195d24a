"""Credentials that urlscan.io issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="urlscan",
    label="urlscan.io",
    opens="Submits scans and reads private ones of the account or team.",
    revoke="urlscan.io > Settings & API > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.urlscan.io/",
    formats=(
        Format(
            slug="urlscan-api-key",
            label="urlscan.io API key",
            kind=CredentialKind.API_KEY,
            pattern=near("urlscan", UUID),
            examples=("URLSCAN_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("URLSCAN_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
