"""Credentials that Tradier issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="tradier",
    label="Tradier",
    opens="Reads the brokerage account and places orders.",
    revoke="dash.tradier.com > Settings > API access > Delete.",
    rotate="Create a second access token, deploy it, then delete the first.",
    documentation="https://documentation.tradier.com/brokerage-api",
    formats=(
        Format(
            slug="tradier-access-token",
            label="Tradier access token",
            kind=CredentialKind.API_KEY,
            pattern=near("tradier", "[a-zA-Z0-9]{28}"),
            examples=("TRADIER_API_KEY=<[A-Za-z0-9]{28}>",),
            counter_examples=("TRADIER_API_KEY=<[A-Za-z0-9]{23}>", "TRADIER_API_KEY=<[x]{28}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
