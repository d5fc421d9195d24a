"""Credentials that Checkly issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="checkly",
    label="Checkly",
    opens="Reads and changes checks of the accounts as the user.",
    revoke="app.checklyhq.com > User settings > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://www.checklyhq.com/docs/",
    formats=(
        Format(
            slug="checkly-api-key",
            label="Checkly API key",
            kind=CredentialKind.API_KEY,
            pattern=near("checkly(?:hq)?", "cu_[a-f0-9]{32}|[a-z0-9]{32}"),
            examples=("CHECKLY_API_KEY=cu_<[a-f0-9]{32}>",),
            counter_examples=("CHECKLY_API_KEY=cu_<[a-f0-9]{27}>", "CHECKLY_API_KEY=cu_<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
