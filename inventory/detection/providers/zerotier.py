"""Credentials that ZeroTier issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="zerotier",
    label="ZeroTier",
    opens="Manages networks and admits members as the person.",
    revoke="my.zerotier.com > Account > API access tokens > Delete.",
    rotate="Create a second API token, deploy it, then delete the first.",
    documentation="https://docs.zerotier.com/api/tokens/",
    formats=(
        Format(
            slug="zerotier-api-token",
            label="ZeroTier API token",
            kind=CredentialKind.API_KEY,
            pattern=near("zero_?tier", "[A-Za-z0-9]{32}"),
            examples=("ZEROTIER_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("ZEROTIER_API_KEY=<[A-Za-z0-9]{27}>", "ZEROTIER_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
            opens_organisation=True,
        ),
    ),
)
