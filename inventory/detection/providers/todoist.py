"""Credentials that Todoist issues."""

from inventory.detection.context import near
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
            pattern=near("todoist", "[a-f0-9]{40}"),
            examples=("TODOIST_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("TODOIST_API_KEY=<[a-f0-9]{35}>", "TODOIST_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
