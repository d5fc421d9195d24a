"""Credentials that Lob issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="lob",
    label="Lob",
    opens="Sends post at the account's cost and reads addresses.",
    revoke="dashboard.lob.com > Settings > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.lob.com/",
    formats=(
        Format(
            slug="lob-api-key",
            label="Lob API key",
            kind=CredentialKind.API_KEY,
            pattern=near(r"\blob", "(?:live|test)_[a-f0-9]{35}|[A-Za-z0-9]{40}"),
            examples=("LOB_API_KEY=live_<[a-f0-9]{35}>",),
            counter_examples=("LOB_API_KEY=live_<[a-f0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
