"""Credentials that Todoist issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="todoist",
    label="Todoist",
    opens="Reads and changes tasks of the person.",
    revoke="app.todoist.com > Settings > Integrations > Developer > API token > Issue a new one > Regenerate.",
    rotate="There is one API token for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://developer.todoist.com/",
    formats=(
        Format(
            slug="todoist-api-token",
            label="Todoist API token",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:todoist[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-f0-9]{40})(?:[^\w-]|$)"
            ),
            examples=("TODOIST_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("TODOIST_API_KEY=<[a-f0-9]{35}>", "TODOIST_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
