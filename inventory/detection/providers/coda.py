"""Credentials that Coda issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="coda",
    label="Coda",
    opens="Reads and changes the documents that the person may see.",
    revoke="coda.io > Account settings > API settings > Delete.",
    rotate="Create a second API token, deploy it, then delete the first.",
    documentation="https://coda.io/developers/apis/v1",
    formats=(
        Format(
            slug="coda-api-token",
            label="Coda API token",
            kind=CredentialKind.API_KEY,
            pattern=near(r"\bcoda", UUID),
            examples=("CODA_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("CODA_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
