"""Credentials that GraphHopper issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="graphhopper",
    label="GraphHopper",
    opens="Calls routing at the account's cost.",
    revoke="graphhopper.com/dashboard > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.graphhopper.com/",
    formats=(
        Format(
            slug="graphhopper-api-key",
            label="GraphHopper API key",
            kind=CredentialKind.API_KEY,
            pattern=near("graphhopper", UUID),
            examples=("GRAPHHOPPER_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("GRAPHHOPPER_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
