"""Credentials that Guardian Open Platform issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="guardian",
    label="Guardian Open Platform",
    opens="Reads articles under the account's rate limit.",
    revoke=(
        "Write to the Guardian Open Platform team (https://open-platform.theguardian.com/) to have the key "
        "disabled, and register a new one."
    ),
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://open-platform.theguardian.com/documentation/",
    formats=(
        Format(
            slug="guardian-api-key",
            label="Guardian Open Platform API key",
            kind=CredentialKind.API_KEY,
            pattern=near("guardian", UUID),
            examples=("GUARDIAN_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("GUARDIAN_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
