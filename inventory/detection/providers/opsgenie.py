"""Credentials that Opsgenie issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="opsgenie",
    label="Opsgenie",
    opens="Creates and closes alerts; with configuration access changes schedules and teams.",
    revoke="Opsgenie > Settings > API key management (or the team's integration) > Disable or Delete.",
    rotate="Add a second API key or integration with the same access, deploy it, then delete the first.",
    documentation="https://support.atlassian.com/opsgenie/docs/api-key-management/",
    formats=(
        Format(
            slug="opsgenie-api-key",
            label="Opsgenie API key",
            kind=CredentialKind.API_KEY,
            pattern=near("opsgenie", UUID),
            examples=("OPSGENIE_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("OPSGENIE_API_KEY=<[a-f0-9]{8}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
