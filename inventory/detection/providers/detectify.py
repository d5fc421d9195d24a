"""Credentials that Detectify issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="detectify",
    label="Detectify",
    opens="Starts scans and reads findings of the team.",
    revoke="detectify.com > Settings > Team > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developer.detectify.com/",
    formats=(
        Format(
            slug="detectify-api-key",
            label="Detectify API key",
            kind=CredentialKind.API_KEY,
            pattern=near("detectify", "[a-z0-9]{32}"),
            examples=("DETECTIFY_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("DETECTIFY_API_KEY=<[a-f0-9]{27}>", "DETECTIFY_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
