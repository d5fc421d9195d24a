"""Credentials that TaxJar issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="taxjar",
    label="TaxJar",
    opens="Calculates taxes and reads transactions of the account.",
    revoke="app.taxjar.com > Account > TaxJar API > Delete.",
    rotate="Create a second API token, deploy it, then delete the first.",
    documentation="https://developers.taxjar.com/",
    formats=(
        Format(
            slug="taxjar-api-token",
            label="TaxJar API token",
            kind=CredentialKind.API_KEY,
            pattern=near("taxjar", "[a-z0-9]{32}"),
            examples=("TAXJAR_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("TAXJAR_API_KEY=<[a-f0-9]{27}>", "TAXJAR_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
