"""Credentials that Tatum issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="tatum",
    label="Tatum",
    opens="Calls chains at the account's cost.",
    revoke="dashboard.tatum.io > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.tatum.io/",
    formats=(
        Format(
            slug="tatum-api-key",
            label="Tatum API key",
            kind=CredentialKind.API_KEY,
            pattern=near("tatum", "[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}|t-[a-f0-9]{24}-[a-f0-9]{24}"),
            examples=("TATUM_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("TATUM_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
