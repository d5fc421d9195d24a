"""Credentials that Baremetrics issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="baremetrics",
    label="Baremetrics",
    opens="Reads subscription revenue and customers.",
    revoke="app.baremetrics.com > Settings > API > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://developers.baremetrics.com/",
    formats=(
        Format(
            slug="baremetrics-api-key",
            label="Baremetrics API key",
            kind=CredentialKind.API_KEY,
            pattern=near("baremetrics", "lk_[A-Za-z0-9]{22}|[a-z0-9]{25}"),
            examples=("BAREMETRICS_API_KEY=<[a-z0-9]{25}>",),
            counter_examples=("BAREMETRICS_API_KEY=<[a-z0-9]{20}>", "BAREMETRICS_API_KEY=<[x]{25}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
