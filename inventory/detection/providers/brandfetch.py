"""Credentials that Brandfetch issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="brandfetch",
    label="Brandfetch",
    opens="Reads brand data at the account's cost.",
    revoke="developers.brandfetch.com > Dashboard > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.brandfetch.com/",
    formats=(
        Format(
            slug="brandfetch-api-key",
            label="Brandfetch API key",
            kind=CredentialKind.API_KEY,
            pattern=near("brandfetch", "[A-Za-z0-9+/]{43}=|[A-Za-z0-9]{40}"),
            examples=("BRANDFETCH_API_KEY=<[A-Za-z0-9]{40}>",),
            counter_examples=("BRANDFETCH_API_KEY=<[A-Za-z0-9]{35}>", "BRANDFETCH_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
