"""Credentials that ZeroTier issues."""

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
            pattern=(
                r"(?i:zero_?tier[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[A-Za-z0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("ZEROTIER_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("ZEROTIER_API_KEY=<[A-Za-z0-9]{27}>", "ZEROTIER_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
            opens_organisation=True,
        ),
    ),
)
