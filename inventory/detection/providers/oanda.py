"""Credentials that OANDA issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="oanda",
    label="OANDA",
    opens="Reads the trading account and places orders.",
    revoke="oanda.com > My account > My services > Manage API access > Regenerate.",
    rotate="There is one access token for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://developer.oanda.com/rest-live-v20/introduction/",
    formats=(
        Format(
            slug="oanda-access-token",
            label="OANDA access token",
            kind=CredentialKind.API_KEY,
            pattern=near("oanda", "[a-f0-9]{32}-[a-f0-9]{32}|[A-Za-z0-9]{24}"),
            examples=("OANDA_API_KEY=<[a-f0-9]{32}>-<[a-f0-9]{32}>",),
            counter_examples=("OANDA_API_KEY=<[a-f0-9]{27}>-<[a-f0-9]{32}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
