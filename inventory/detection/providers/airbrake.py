"""Credentials that Airbrake issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="airbrake",
    label="Airbrake",
    opens="Reads errors and their data (user key), or only reports them (project key).",
    revoke="airbrake.io > User settings > API tokens > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.airbrake.io/docs/devops-tools/api/",
    formats=(
        Format(
            slug="airbrake-api-key",
            label="Airbrake API key",
            kind=CredentialKind.API_KEY,
            pattern=near("airbrake", "[A-Za-z0-9]{40}|[a-f0-9]{32}"),
            examples=("AIRBRAKE_API_KEY=<[A-Za-z0-9]{40}>",),
            counter_examples=("AIRBRAKE_API_KEY=<[A-Za-z0-9]{35}>", "AIRBRAKE_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
