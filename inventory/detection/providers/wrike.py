"""Credentials that Wrike issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="wrike",
    label="Wrike",
    opens="Reads and changes tasks as the person who owns the token.",
    revoke="wrike.com > Apps & integrations > API > the app > Permanent access token > Regenerate.",
    rotate="There is one access token for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://developers.wrike.com/getting-started/",
    formats=(
        Format(
            slug="wrike-access-token",
            label="Wrike access token",
            kind=CredentialKind.API_KEY,
            pattern=near("wrike", r"ey[A-Za-z0-9_-]{20,160}\.[A-Za-z0-9_-]{60,400}\.[A-Za-z0-9_-]{40,200}"),
            examples=("WRIKE_API_KEY=ey<[A-Za-z0-9]{100}>.<[A-Za-z0-9]{63}>.<[A-Za-z0-9]{86}>",),
            counter_examples=("WRIKE_API_KEY=ey<[A-Za-z0-9]{100}>.<[A-Za-z0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
