"""Credentials that Docparser issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="docparser",
    label="Docparser",
    opens="Uploads documents and reads what was parsed from them.",
    revoke="app.docparser.com > Account > API > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docparser.com/api/",
    formats=(
        Format(
            slug="docparser-api-key",
            label="Docparser API key",
            kind=CredentialKind.API_KEY,
            pattern=near("docparser", "[a-f0-9]{40}"),
            examples=("DOCPARSER_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("DOCPARSER_API_KEY=<[a-f0-9]{35}>", "DOCPARSER_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
