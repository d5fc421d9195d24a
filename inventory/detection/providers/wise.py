"""Credentials that Wise issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="wise",
    label="Wise",
    opens="Reads balances and, with full access, sends transfers from the account.",
    revoke="wise.com > Settings > Integrations and tools > API tokens > the token > Revoke.",
    rotate="Add a second token with the same access, deploy it, then revoke the first.",
    documentation="https://docs.wise.com/api-docs/guides/personal-tokens",
    formats=(
        Format(
            slug="wise-api-token",
            label="Wise API token",
            kind=CredentialKind.API_KEY,
            pattern=near(r"(?:transferwise|\bwise)", UUID),
            examples=("WISE_API_TOKEN=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("WISE_API_TOKEN=<[a-f0-9]{8}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
