"""Credentials that AudD issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="audd",
    label="AudD",
    opens="Recognises music at the account's cost.",
    revoke="dashboard.audd.io > API token > Regenerate.",
    rotate="There is one API token for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.audd.io/",
    formats=(
        Format(
            slug="audd-api-token",
            label="AudD API token",
            kind=CredentialKind.API_KEY,
            pattern=near(r"\baudd", "[a-z0-9]{32}"),
            examples=("AUDD_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("AUDD_API_KEY=<[a-f0-9]{27}>", "AUDD_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
