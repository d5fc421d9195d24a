"""Credentials that Hunter issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="hunter",
    label="Hunter",
    opens="Finds mail addresses at the account's cost.",
    revoke="hunter.io > API > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://hunter.io/api-documentation/v2",
    formats=(
        Format(
            slug="hunter-api-key",
            label="Hunter API key",
            kind=CredentialKind.API_KEY,
            pattern=near(r"\bhunter(?:_?io)?", "[a-z0-9]{40}"),
            examples=("HUNTER_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("HUNTER_API_KEY=<[a-f0-9]{35}>", "HUNTER_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
