"""Credentials that PandaDoc issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="pandadoc",
    label="PandaDoc",
    opens="Reads, creates and sends documents of the workspace.",
    revoke="app.pandadoc.com > Developer dashboard > Configuration > API keys > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://developers.pandadoc.com/reference/api-key-authentication-process",
    formats=(
        Format(
            slug="pandadoc-api-key",
            label="PandaDoc API key",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:pandadoc[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[A-Za-z0-9]{40})(?:[^\w-]|$)"
            ),
            examples=("PANDADOC_API_KEY=<[A-Za-z0-9]{40}>",),
            counter_examples=("PANDADOC_API_KEY=<[A-Za-z0-9]{35}>", "PANDADOC_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
