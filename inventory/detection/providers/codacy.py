"""Credentials that Codacy issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="codacy",
    label="Codacy",
    opens="Uploads coverage and reads findings as the project or person that owns the token.",
    revoke="app.codacy.com > Account > Access management (or the repository > Settings > Integrations) > Delete.",
    rotate="Create a second API token, deploy it, then delete the first.",
    documentation="https://docs.codacy.com/codacy-api/api-tokens/",
    formats=(
        Format(
            slug="codacy-token",
            label="Codacy token",
            kind=CredentialKind.CI_TOKEN,
            pattern=near("codacy", "[A-Za-z0-9]{20}|[a-f0-9]{32}"),
            examples=("CODACY_API_TOKEN=<[A-Za-z0-9]{20}>",),
            counter_examples=("CODACY_API_TOKEN=<[A-Za-z0-9]{16}>", "CODACY_API_TOKEN=<[x]{20}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
