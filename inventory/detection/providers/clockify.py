"""Credentials that Clockify issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="clockify",
    label="Clockify",
    opens="Reads and changes time entries of the workspaces as the person.",
    revoke="app.clockify.me > Preferences > Advanced > Manage API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.clockify.me/",
    formats=(
        Format(
            slug="clockify-api-key",
            label="Clockify API key",
            kind=CredentialKind.API_KEY,
            pattern=near("clockify", "[A-Za-z0-9]{48}"),
            examples=("CLOCKIFY_API_KEY=<[A-Za-z0-9]{48}>",),
            counter_examples=("CLOCKIFY_API_KEY=<[A-Za-z0-9]{43}>", "CLOCKIFY_API_KEY=<[x]{48}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
