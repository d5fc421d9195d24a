"""Credentials that Close issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="close-crm",
    label="Close",
    opens="Reads and changes leads of the organisation as the person.",
    revoke="app.close.com > Settings > Developer > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developer.close.com/topics/authentication/",
    formats=(
        Format(
            slug="close-crm-api-key",
            label="Close API key",
            kind=CredentialKind.API_KEY,
            pattern=near(
                "close_?(?:crm|io)", r"api_[A-Za-z0-9]{22}\.[A-Za-z0-9]{22}|api_[A-Za-z0-9._]{40,46}", beside=r"\w.-"
            ),
            examples=("CLOSEIO_API_KEY=api_<[A-Za-z0-9]{22}>.<[A-Za-z0-9]{22}>",),
            counter_examples=("CLOSE_API_KEY=api_<[A-Za-z0-9]{12}>.<[A-Za-z0-9]{12}>",),
            confidence=Confidence.MEDIUM,
            public_prefix="api_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
