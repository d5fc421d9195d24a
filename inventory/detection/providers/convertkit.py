"""Credentials that Kit (ConvertKit) issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="convertkit",
    label="Kit (ConvertKit)",
    opens="Reads subscribers and sends mail in the account's name.",
    revoke="app.kit.com > Settings > Developer > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developers.kit.com/",
    formats=(
        Format(
            slug="convertkit-api-key",
            label="Kit (ConvertKit) API key",
            kind=CredentialKind.API_KEY,
            pattern=near("convertkit", "[A-Za-z0-9_-]{22}|[A-Za-z0-9_-]{43}|kit_[a-f0-9]{32}"),
            examples=("CONVERTKIT_API_KEY=<[A-Za-z0-9]{43}>",),
            counter_examples=("CONVERTKIT_API_KEY=<[A-Za-z0-9]{38}>", "CONVERTKIT_API_KEY=<[x]{43}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
            opens_organisation=True,
        ),
    ),
)
