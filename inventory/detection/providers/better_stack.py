"""Credentials that Better Stack issues."""

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
            pattern=(
                r"(?i:(?:better_?stack|better_?uptime|logtail)[\w ./?&-]{0,24}(?:key|token|secret|access|private"
                r"|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[A-Za-z0-9]{24})(?:[^\w-]|$)"
            ),
            examples=("BETTER_STACK_API_KEY=<[A-Za-z0-9]{24}>",),
            counter_examples=("BETTER_STACK_API_KEY=<[A-Za-z0-9]{19}>", "BETTER_STACK_API_KEY=<[x]{24}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
