"""Credentials that Airbrake issues."""

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
            pattern=(
                r"(?i:airbrake[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?"
                r"(?P<value>[A-Za-z0-9]{40}|[a-f0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("AIRBRAKE_API_KEY=<[A-Za-z0-9]{40}>",),
            counter_examples=("AIRBRAKE_API_KEY=<[A-Za-z0-9]{35}>", "AIRBRAKE_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
