"""Credentials that BugSnag issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="bugsnag",
    label="BugSnag",
    opens="Reads errors and their data (personal token), or only reports them (project key).",
    revoke="app.bugsnag.com > My account > Personal auth tokens > Delete.",
    rotate="Create a second auth token or API key, deploy it, then delete the first.",
    documentation="https://docs.bugsnag.com/",
    formats=(
        Format(
            slug="bugsnag-auth-token-or-api-key",
            label="BugSnag auth token or API key",
            kind=CredentialKind.API_KEY,
            pattern=near("bugsnag", "[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}|[a-f0-9]{32}"),
            examples=("BUGSNAG_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("BUGSNAG_API_KEY=<[a-f0-9]{27}>", "BUGSNAG_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
