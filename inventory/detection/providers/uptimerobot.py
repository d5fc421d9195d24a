"""Credentials that UptimeRobot issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="uptimerobot",
    label="UptimeRobot",
    opens="Reads and changes monitors; a monitor key only reads one.",
    revoke="dashboard.uptimerobot.com > Integrations & API > API > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://uptimerobot.com/api/",
    formats=(
        Format(
            slug="uptimerobot-api-key",
            label="UptimeRobot API key",
            kind=CredentialKind.API_KEY,
            pattern=near("uptime_?robot", "[umr][0-9]{6,8}-[a-f0-9]{24}|[A-Za-z0-9]{9}-[A-Za-z0-9]{24}"),
            examples=("UPTIMEROBOT_API_KEY=u<[0-9]{7}>-<[a-f0-9]{24}>",),
            counter_examples=("UPTIMEROBOT_API_KEY=u<[0-9]{7}>-<[a-f0-9]{19}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
