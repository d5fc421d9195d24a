"""Credentials that Pastebin issues."""

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
            pattern=(
                r"(?i:pastebin[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[A-Za-z0-9_-]{32})(?:[^\w-]|$)"
            ),
            examples=("PASTEBIN_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("PASTEBIN_API_KEY=<[A-Za-z0-9]{27}>", "PASTEBIN_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
            opens_organisation=True,
        ),
    ),
)
