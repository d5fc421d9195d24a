"""Credentials that Wrike issues."""

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
            pattern=(
                r"(?i:wrike[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?"
                r"(?P<value>ey[A-Za-z0-9_-]{20,160}\.[A-Za-z0-9_-]{60,400}\.[A-Za-z0-9_-]{40,200})(?:[^\w-]|$)"
            ),
            examples=("WRIKE_API_KEY=ey<[A-Za-z0-9]{100}>.<[A-Za-z0-9]{63}>.<[A-Za-z0-9]{86}>",),
            counter_examples=("WRIKE_API_KEY=ey<[A-Za-z0-9]{100}>.<[A-Za-z0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
