"""Credentials that Happy Scribe issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="happy-scribe",
    label="Happy Scribe",
    opens="Transcribes at the account's cost and reads transcripts.",
    revoke="happyscribe.com > Account > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://dev.happyscribe.com/",
    formats=(
        Format(
            slug="happy-scribe-api-key",
            label="Happy Scribe API key",
            kind=CredentialKind.API_KEY,
            pattern=near("happy_?scribe", "[A-Za-z0-9]{24}"),
            examples=("HAPPY_SCRIBE_API_KEY=<[A-Za-z0-9]{24}>",),
            counter_examples=("HAPPY_SCRIBE_API_KEY=<[A-Za-z0-9]{19}>", "HAPPY_SCRIBE_API_KEY=<[x]{24}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
