"""Credentials that Yousign issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="yousign",
    label="Yousign",
    opens="Sends and reads signature requests of the organisation.",
    revoke="yousign.app > Integrations > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developers.yousign.com/",
    formats=(
        Format(
            slug="yousign-api-key",
            label="Yousign API key",
            kind=CredentialKind.API_KEY,
            pattern=near("yousign", "[a-zA-Z0-9]{32}"),
            examples=("YOUSIGN_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("YOUSIGN_API_KEY=<[A-Za-z0-9]{27}>", "YOUSIGN_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
