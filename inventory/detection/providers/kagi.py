"""Credentials that Kagi issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="kagi",
    label="Kagi",
    opens="Searches at the account's cost; a session link signs in as the person.",
    revoke=(
        "kagi.com > Settings > API portal > API token > Revoke; the session link under Settings > Account > Session "
        "link > Generate new."
    ),
    rotate="Generate a new token and deploy it at once; it replaces the old.",
    documentation="https://help.kagi.com/kagi/api/overview.html",
    formats=(
        Format(
            slug="kagi-token",
            label="Kagi API or session token",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:kagi)(?:[\w .-]{0,24}[\s\"':=>,(]{1,6}|\.com/search\?token=)"
                r"(?P<value>[A-Za-z0-9_-]{11}\.[A-Za-z0-9_-]{43})(?:[^\w-]|$)"
            ),
            examples=("KAGI_API_KEY=<[A-Za-z0-9_-]{11}>.<[A-Za-z0-9_-]{43}>",),
            counter_examples=("KAGI_API_KEY=<[A-Za-z0-9_-]{11}>.<[A-Za-z0-9_-]{20}>",),
            min_entropy=3.7,
        ),
    ),
)
