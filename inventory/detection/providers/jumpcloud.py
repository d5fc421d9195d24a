"""Credentials that JumpCloud issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="jumpcloud",
    label="JumpCloud",
    opens="Administers users, devices and groups of the organisation as the administrator.",
    revoke="console.jumpcloud.com > the account > My API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.jumpcloud.com/api/",
    formats=(
        Format(
            slug="jumpcloud-api-key",
            label="JumpCloud API key",
            kind=CredentialKind.API_KEY,
            pattern=near("jumpcloud", "jca_[A-Za-z0-9]{36}|[a-zA-Z0-9]{40}"),
            examples=("JUMPCLOUD_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("JUMPCLOUD_API_KEY=<[a-f0-9]{35}>", "JUMPCLOUD_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
