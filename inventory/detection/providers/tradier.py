"""Credentials that Tradier issues."""

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
            pattern=(
                r"(?i:tradier[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-zA-Z0-9]{28})(?:[^\w-]|$)"
            ),
            examples=("TRADIER_API_KEY=<[A-Za-z0-9]{28}>",),
            counter_examples=("TRADIER_API_KEY=<[A-Za-z0-9]{23}>", "TRADIER_API_KEY=<[x]{28}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
