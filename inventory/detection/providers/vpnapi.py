"""Credentials that vpnapi.io issues."""

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
            pattern=(
                r"(?i:vpn_?api[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-z0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("VPNAPI_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("VPNAPI_API_KEY=<[a-f0-9]{27}>", "VPNAPI_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
