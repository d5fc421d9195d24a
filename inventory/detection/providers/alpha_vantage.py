"""Credentials that Alpha Vantage issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="alpha-vantage",
    label="Alpha Vantage",
    opens="Reads market data under the account's rate limit.",
    revoke="alphavantage.co > Support > ask to replace the key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://www.alphavantage.co/documentation/",
    formats=(
        Format(
            slug="alpha-vantage-api-key",
            label="Alpha Vantage API key",
            kind=CredentialKind.API_KEY,
            pattern=near("alpha_?vantage", "[A-Z0-9]{16}"),
            examples=("ALPHA_VANTAGE_API_KEY=<[A-Z0-9]{16}>",),
            counter_examples=("ALPHA_VANTAGE_API_KEY=<[A-Z0-9]{11}>", "ALPHA_VANTAGE_API_KEY=<[x]{16}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=2.5,
            opens_organisation=True,
        ),
    ),
)
