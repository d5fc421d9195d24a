"""Credentials that Infura issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="infura",
    label="Infura",
    opens="Reads and sends to chains at the project's cost.",
    revoke="app.infura.io > the key > Settings > Security > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.metamask.io/services/",
    formats=(
        Format(
            slug="infura-api-key",
            label="Infura API key",
            kind=CredentialKind.API_KEY,
            pattern=near("infura", "[a-z0-9]{32}"),
            examples=("INFURA_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("INFURA_API_KEY=<[a-f0-9]{27}>", "INFURA_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
