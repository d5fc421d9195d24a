"""Credentials that Tiingo issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="tiingo",
    label="Tiingo",
    opens="Reads market data at the account's cost.",
    revoke="tiingo.com > Account > API > Token > Regenerate.",
    rotate="There is one API token for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://www.tiingo.com/documentation/general/overview",
    formats=(
        Format(
            slug="tiingo-api-token",
            label="Tiingo API token",
            kind=CredentialKind.API_KEY,
            pattern=near("tiingo", "[a-f0-9]{40}"),
            examples=("TIINGO_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("TIINGO_API_KEY=<[a-f0-9]{35}>", "TIINGO_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
