"""Credentials that Alchemy issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="alchemy",
    label="Alchemy",
    opens="Reads and sends to chains at the app's cost.",
    revoke="dashboard.alchemy.com > Apps > the app > API key > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://www.alchemy.com/docs/",
    formats=(
        Format(
            slug="alchemy-api-key",
            label="Alchemy API key",
            kind=CredentialKind.API_KEY,
            pattern=near("alchemy", "alcht_[A-Za-z0-9]{30}|[A-Za-z0-9_-]{32}"),
            examples=("ALCHEMY_API_KEY=<[A-Za-z0-9_-]{32}>",),
            counter_examples=("ALCHEMY_API_KEY=<[A-Za-z0-9_-]{27}>", "ALCHEMY_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
