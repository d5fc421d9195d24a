"""Credentials that Whoxy issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="whoxy",
    label="Whoxy",
    opens="Looks up domain owners at the account's cost.",
    revoke="whoxy.com > Account > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://www.whoxy.com/",
    formats=(
        Format(
            slug="whoxy-api-key",
            label="Whoxy API key",
            kind=CredentialKind.API_KEY,
            pattern=near("whoxy", "[a-z0-9]{33}"),
            examples=("WHOXY_API_KEY=<[a-z0-9]{33}>",),
            counter_examples=("WHOXY_API_KEY=<[a-z0-9]{28}>", "WHOXY_API_KEY=<[x]{33}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
