"""Credentials that Delighted issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="delighted",
    label="Delighted",
    opens="Reads survey answers and sends surveys.",
    revoke="app.delighted.com > Integrations > API > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://app.delighted.com/docs/api",
    formats=(
        Format(
            slug="delighted-api-key",
            label="Delighted API key",
            kind=CredentialKind.API_KEY,
            pattern=near("delighted", "[A-Za-z0-9]{32}"),
            examples=("DELIGHTED_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("DELIGHTED_API_KEY=<[A-Za-z0-9]{27}>", "DELIGHTED_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
