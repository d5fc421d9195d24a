"""Credentials that Pushbullet issues."""

from inventory.detection.context import near
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
            pattern=near("pushbullet", r"o\.[A-Za-z0-9]{32}|[A-Za-z0-9]{34}"),
            examples=("PUSHBULLET_API_KEY=<[A-Za-z0-9]{34}>",),
            counter_examples=("PUSHBULLET_API_KEY=<[A-Za-z0-9]{29}>", "PUSHBULLET_API_KEY=<[x]{34}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
