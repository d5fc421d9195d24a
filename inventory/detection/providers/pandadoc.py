"""Credentials that PandaDoc issues."""

from inventory.detection.context import near
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
            pattern=near("pandadoc", "[A-Za-z0-9]{40}"),
            examples=("PANDADOC_API_KEY=<[A-Za-z0-9]{40}>",),
            counter_examples=("PANDADOC_API_KEY=<[A-Za-z0-9]{35}>", "PANDADOC_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
