"""Credentials that DeBounce issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="debounce",
    label="DeBounce",
    opens="Checks mail addresses at the account's cost.",
    revoke="app.debounce.io > API > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developers.debounce.com/",
    formats=(
        Format(
            slug="debounce-api-key",
            label="DeBounce API key",
            kind=CredentialKind.API_KEY,
            pattern=near("debounce", "[a-zA-Z0-9]{13}"),
            examples=("DEBOUNCE_API_KEY=<[A-Za-z0-9]{13}>",),
            counter_examples=("DEBOUNCE_API_KEY=<[A-Za-z0-9]{8}>", "DEBOUNCE_API_KEY=<[x]{13}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=2.3,
            opens_organisation=True,
        ),
    ),
)
