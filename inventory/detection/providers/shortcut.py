"""Credentials that Shortcut issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="shortcut",
    label="Shortcut",
    opens="Reads and changes stories of the workspace as the person who made the token.",
    revoke="app.shortcut.com > Settings > Your account > API tokens > Delete.",
    rotate="Generate a second API token, deploy it, then delete the first.",
    documentation="https://developer.shortcut.com/api/rest/v3#Authentication",
    formats=(
        Format(
            slug="shortcut-api-token",
            label="Shortcut API token",
            kind=CredentialKind.API_KEY,
            pattern=near("(?:shortcut|clubhouse)", UUID),
            examples=("SHORTCUT_API_TOKEN=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("SHORTCUT_API_TOKEN=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
