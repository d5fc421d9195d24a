"""Credentials that IPinfo issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="ipinfo",
    label="IPinfo",
    opens="Looks up addresses at the account's cost.",
    revoke="ipinfo.io/account > Token > Reset > Regenerate.",
    rotate="There is one access token for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://ipinfo.io/developers",
    formats=(
        Format(
            slug="ipinfo-access-token",
            label="IPinfo access token",
            kind=CredentialKind.API_KEY,
            pattern=near("ipinfo", "[a-f0-9]{14}"),
            examples=("IPINFO_TOKEN=<[a-f0-9]{14}>",),
            counter_examples=("IPINFO_TOKEN=<[a-f0-9]{9}>", "IPINFO_TOKEN=<[x]{14}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=2.5,
            opens_organisation=True,
        ),
    ),
)
