"""Credentials that Pushbullet issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="pushbullet",
    label="Pushbullet",
    opens="Reads and sends pushes and messages of the person.",
    revoke="pushbullet.com > Settings > Account > Access tokens > Regenerate.",
    rotate="There is one access token for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.pushbullet.com/",
    formats=(
        Format(
            slug="pushbullet-access-token",
            label="Pushbullet access token",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:pushbullet[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?"
                r"(?P<value>o\.[A-Za-z0-9]{32}|[A-Za-z0-9]{34})(?:[^\w-]|$)"
            ),
            examples=("PUSHBULLET_API_KEY=<[A-Za-z0-9]{34}>",),
            counter_examples=("PUSHBULLET_API_KEY=<[A-Za-z0-9]{29}>", "PUSHBULLET_API_KEY=<[x]{34}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
