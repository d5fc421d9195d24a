"""Credentials that Vultr issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="vultr",
    label="Vultr",
    opens="Deploys and destroys instances and reads everything in the account.",
    revoke="my.vultr.com > Account > API > Regenerate or Disable; sub-users' keys under Account > Users.",
    rotate="Make a sub-user with its own key, deploy that, then regenerate the old key.",
    documentation="https://docs.vultr.com/platform/other/api",
    formats=(
        Format(
            slug="vultr-api-key",
            label="Vultr API key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=near("vultr", "[A-Z0-9]{36}"),
            examples=("VULTR_API_KEY=<[A-Z0-9]{36}>",),
            counter_examples=("VULTR_API_KEY=<[A-Z0-9]{30}>", "VULTR_API_KEY=<[X]{36}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
