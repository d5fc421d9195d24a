"""Credentials that BitBar issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="bitbar",
    label="BitBar",
    opens="Starts device tests as the user.",
    revoke="cloud.bitbar.com > My account > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://support.smartbear.com/bitbar/docs/",
    formats=(
        Format(
            slug="bitbar-api-key",
            label="BitBar API key",
            kind=CredentialKind.API_KEY,
            pattern=near("bitbar", "[A-Za-z0-9]{32}"),
            examples=("BITBAR_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("BITBAR_API_KEY=<[A-Za-z0-9]{27}>", "BITBAR_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
