"""Credentials that BitBar issues."""

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
            pattern=(
                r"(?i:bitbar[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[A-Za-z0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("BITBAR_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("BITBAR_API_KEY=<[A-Za-z0-9]{27}>", "BITBAR_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
