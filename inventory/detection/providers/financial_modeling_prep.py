"""Credentials that Financial Modeling Prep issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="financial-modeling-prep",
    label="Financial Modeling Prep",
    opens="Reads market data at the account's cost.",
    revoke="site.financialmodelingprep.com > Dashboard > API keys > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://site.financialmodelingprep.com/developer/docs",
    formats=(
        Format(
            slug="financial-modeling-prep-api-key",
            label="Financial Modeling Prep API key",
            kind=CredentialKind.API_KEY,
            pattern=near(r"(?:financial_?modeling_?prep|\bfmp)", "[A-Za-z0-9]{32}"),
            examples=("FMP_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("FMP_API_KEY=<[A-Za-z0-9]{27}>", "FMP_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
