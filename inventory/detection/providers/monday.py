"""Credentials that monday.com issues."""

from inventory.detection.context import near
from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="monday",
    label="monday.com",
    opens="Reads and changes boards as the person who owns the token.",
    revoke="monday.com > Avatar > Developers > My access tokens > Regenerate; app secrets in the Developer Center.",
    rotate="There is one personal token: use a service user, regenerate and deploy at once.",
    documentation="https://developer.monday.com/api-reference/docs/authentication",
    formats=(
        Format(
            slug="monday-api-token",
            label="monday.com API token",
            kind=CredentialKind.SIGNED_TOKEN,
            pattern=near(
                "monday", r"(?:ey[A-Za-z0-9_-]{20,60}|[A-Za-z0-9]{32,41})\.[A-Za-z0-9_-]{80,400}\.[A-Za-z0-9_-]{42,44}"
            ),
            examples=("MONDAY_TOKEN=<[A-Za-z0-9]{32}>.<[A-Za-z0-9]{111}>.<[A-Za-z0-9]{43}>",),
            counter_examples=("MONDAY_TOKEN=<[A-Za-z0-9]{32}>.<[A-Za-z0-9]{20}>",),
            min_entropy=3.7,
            opens_organisation=True,
        ),
    ),
)
