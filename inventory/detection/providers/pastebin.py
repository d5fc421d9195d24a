"""Credentials that Pastebin issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="pastebin",
    label="Pastebin",
    opens="Creates pastes as the developer's account and, with a user key, reads private ones.",
    revoke="pastebin.com/doc_api > Your unique developer API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://pastebin.com/doc_api",
    formats=(
        Format(
            slug="pastebin-api-key",
            label="Pastebin API key",
            kind=CredentialKind.API_KEY,
            pattern=near("pastebin", "[A-Za-z0-9_-]{32}"),
            examples=("PASTEBIN_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("PASTEBIN_API_KEY=<[A-Za-z0-9]{27}>", "PASTEBIN_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
            opens_organisation=True,
        ),
    ),
)
