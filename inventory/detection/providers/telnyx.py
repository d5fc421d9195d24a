"""Credentials that Telnyx issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="telnyx",
    label="Telnyx",
    opens="Sends messages and makes calls at the account's cost.",
    revoke="portal.telnyx.com > Account settings > Keys & credentials > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developers.telnyx.com/docs/development",
    formats=(
        Format(
            slug="telnyx-api-key",
            label="Telnyx API key",
            kind=CredentialKind.API_KEY,
            pattern=near("telnyx", "KEY[A-Za-z0-9_-]{30,56}"),
            examples=("TELNYX_API_KEY=KEY<[A-Za-z0-9]{55}>",),
            counter_examples=("TELNYX_API_KEY=KEY<[A-Za-z0-9]{10}>",),
            confidence=Confidence.MEDIUM,
            public_prefix="KEY",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
