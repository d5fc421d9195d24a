"""Credentials that Nylas issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="nylas",
    label="Nylas",
    opens="Reads and sends mail and calendar of every connected account.",
    revoke="dashboard-v3.nylas.com > the application > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developer.nylas.com/docs/v3/auth/",
    formats=(
        Format(
            slug="nylas-api-key",
            label="Nylas API key",
            kind=CredentialKind.API_KEY,
            pattern=near("nylas", "nyk_v0_[A-Za-z0-9]{60,70}|[a-z0-9]{30}"),
            examples=("NYLAS_API_KEY=<[a-z0-9]{30}>",),
            counter_examples=("NYLAS_API_KEY=<[a-z0-9]{25}>", "NYLAS_API_KEY=<[x]{30}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
