"""Credentials that JupiterOne issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="jupiterone",
    label="JupiterOne",
    opens="Reads and writes the asset graph of the organisation.",
    revoke="apps.us.jupiterone.io > Settings > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.jupiterone.io/",
    formats=(
        Format(
            slug="jupiterone-api-key",
            label="JupiterOne API key",
            kind=CredentialKind.API_KEY,
            pattern=near("jupiterone", "[A-Za-z0-9]{76,80}"),
            examples=("JUPITERONE_API_KEY=<[A-Za-z0-9]{79}>",),
            counter_examples=("JUPITERONE_API_KEY=<[A-Za-z0-9]{74}>", "JUPITERONE_API_KEY=<[x]{79}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.7,
            opens_organisation=True,
        ),
    ),
)
