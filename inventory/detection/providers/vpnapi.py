"""Credentials that vpnapi.io issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="vpnapi",
    label="vpnapi.io",
    opens="Looks up addresses at the account's cost.",
    revoke="vpnapi.io/dashboard > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://vpnapi.io/api-documentation",
    formats=(
        Format(
            slug="vpnapi-api-key",
            label="vpnapi.io API key",
            kind=CredentialKind.API_KEY,
            pattern=near("vpn_?api", "[a-z0-9]{32}"),
            examples=("VPNAPI_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("VPNAPI_API_KEY=<[a-f0-9]{27}>", "VPNAPI_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
