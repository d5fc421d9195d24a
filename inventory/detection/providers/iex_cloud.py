"""Credentials that IEX Cloud issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="iex-cloud",
    label="IEX Cloud",
    opens=(
        "Read market data at the account's cost; the service closed in August 2024, so a key found now opens nothing."
    ),
    revoke=(
        "The service has closed (https://iexcloud.io), so that nothing is left to revoke: remove the key and close "
        "the finding."
    ),
    rotate="Move to another market data service and remove the key.",
    documentation="https://iexcloud.io/",
    formats=(
        Format(
            slug="iex-cloud-secret-token",
            label="IEX Cloud secret token",
            kind=CredentialKind.API_KEY,
            pattern=near("iex(?:apis|_?cloud)?", "sk_[a-f0-9]{32}|[a-z0-9]{35}"),
            examples=("IEX_TOKEN=sk_<[a-f0-9]{32}>",),
            counter_examples=("IEX_TOKEN=sk_<[a-f0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
