"""Credentials that PDFShift issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="pdfshift",
    label="PDFShift",
    opens="Makes documents at the account's cost.",
    revoke="app.pdfshift.io > Settings > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.pdfshift.io/",
    formats=(
        Format(
            slug="pdfshift-api-key",
            label="PDFShift API key",
            kind=CredentialKind.API_KEY,
            pattern=near("pdfshift", "sk_[a-f0-9]{40}|[a-f0-9]{32}"),
            examples=("PDFSHIFT_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("PDFSHIFT_API_KEY=<[a-f0-9]{27}>", "PDFSHIFT_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
