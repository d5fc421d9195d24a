"""Credentials that Toggl Track issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="toggl",
    label="Toggl Track",
    opens="Reads and changes time entries as the person.",
    revoke="track.toggl.com/profile > API token > Regenerate.",
    rotate="There is one API token for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://engineering.toggl.com/docs/authentication/",
    formats=(
        Format(
            slug="toggl-api-token",
            label="Toggl Track API token",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:toggl(?:_?track)?[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)"
                r"\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-z0-9]{32,35})(?:[^\w-]|$)"
            ),
            examples=("TOGGL_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("TOGGL_API_KEY=<[a-f0-9]{27}>", "TOGGL_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
