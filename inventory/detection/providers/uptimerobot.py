"""Credentials that UptimeRobot issues."""

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
            pattern=(
                r"(?i:uptime_?robot[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?"
                r"(?P<value>[umr][0-9]{6,8}-[a-f0-9]{24}|[A-Za-z0-9]{9}-[A-Za-z0-9]{24})(?:[^\w-]|$)"
            ),
            examples=("UPTIMEROBOT_API_KEY=u<[0-9]{7}>-<[a-f0-9]{24}>",),
            counter_examples=("UPTIMEROBOT_API_KEY=u<[0-9]{7}>-<[a-f0-9]{19}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
