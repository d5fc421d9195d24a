"""Credentials that Streak issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="streak",
    label="Streak",
    opens="Reads and changes pipelines and boxes as the person.",
    revoke="mail.google.com > Streak > Settings > Integrations > Custom integrations > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://streak.readme.io/docs",
    formats=(
        Format(
            slug="streak-api-key",
            label="Streak API key",
            kind=CredentialKind.API_KEY,
            pattern=near(r"\bstreak", "[a-f0-9]{32}"),
            examples=("STREAK_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("STREAK_API_KEY=<[a-f0-9]{27}>", "STREAK_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
