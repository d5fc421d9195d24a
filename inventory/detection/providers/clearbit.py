"""Credentials that Clearbit issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="clearbit",
    label="Clearbit",
    opens="Looked up persons and companies at the account's cost.",
    revoke="dashboard.clearbit.com > API > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://clearbit.com/docs",
    formats=(
        Format(
            slug="clearbit-api-key",
            label="Clearbit API key",
            kind=CredentialKind.API_KEY,
            pattern=near("clearbit", "sk_[a-f0-9]{32}|[a-z0-9]{35}"),
            examples=("CLEARBIT_API_KEY=sk_<[a-f0-9]{32}>",),
            counter_examples=("CLEARBIT_API_KEY=sk_<[a-f0-9]{27}>", "CLEARBIT_API_KEY=sk_<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            public_prefix="sk_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
