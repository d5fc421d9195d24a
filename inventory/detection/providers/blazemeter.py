"""Credentials that BlazeMeter issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="blazemeter",
    label="BlazeMeter",
    opens="Starts tests and reads their results as the user.",
    revoke="a.blazemeter.com > Settings > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://help.blazemeter.com/docs/guide/api-blazemeter-api-keys.html",
    formats=(
        Format(
            slug="blazemeter-api-key",
            label="BlazeMeter API key",
            kind=CredentialKind.API_KEY,
            pattern=near("(?:blazemeter|runscope)", UUID),
            examples=("BLAZEMETER_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("BLAZEMETER_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
