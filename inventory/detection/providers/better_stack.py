"""Credentials that Better Stack issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="better-stack",
    label="Better Stack",
    opens="Reads and changes monitors and incidents of the team.",
    revoke="betterstack.com > API tokens > Delete.",
    rotate="Create a second API token, deploy it, then delete the first.",
    documentation="https://betterstack.com/docs/uptime/api/getting-started-with-uptime-api/",
    formats=(
        Format(
            slug="better-stack-api-token",
            label="Better Stack API token",
            kind=CredentialKind.API_KEY,
            pattern=near("(?:better_?stack|better_?uptime|logtail)", "[A-Za-z0-9]{24}"),
            examples=("BETTER_STACK_API_KEY=<[A-Za-z0-9]{24}>",),
            counter_examples=("BETTER_STACK_API_KEY=<[A-Za-z0-9]{19}>", "BETTER_STACK_API_KEY=<[x]{24}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
