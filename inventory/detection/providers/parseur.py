"""Credentials that Parseur issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="parseur",
    label="Parseur",
    opens="Uploads documents and reads what was parsed from them.",
    revoke="app.parseur.com > Account > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developer.parseur.com/",
    formats=(
        Format(
            slug="parseur-api-key",
            label="Parseur API key",
            kind=CredentialKind.API_KEY,
            pattern=near("parseur", "[a-f0-9]{40}"),
            examples=("PARSEUR_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("PARSEUR_API_KEY=<[a-f0-9]{35}>", "PARSEUR_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
