"""Credentials that Toggl Track issues."""

from inventory.detection.context import near
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
            pattern=near("toggl(?:_?track)?", "[a-z0-9]{32,35}"),
            examples=("TOGGL_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("TOGGL_API_KEY=<[a-f0-9]{27}>", "TOGGL_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
