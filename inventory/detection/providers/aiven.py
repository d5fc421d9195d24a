"""Credentials that Aiven issues."""

from inventory.detection.context import near
from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="aiven",
    label="Aiven",
    opens="Manages services and reads their connection details in every project that its user may see.",
    revoke="console.aiven.io > User information > Tokens > Revoke; or `avn user access-token revoke`.",
    rotate="Generate a second token (application users can have several), deploy it, then revoke the first.",
    documentation="https://aiven.io/docs/platform/concepts/authentication-tokens",
    formats=(
        Format(
            slug="aiven-token",
            label="Aiven token",
            kind=CredentialKind.CLOUD_KEY,
            pattern=near("aiven", "[A-Za-z0-9+/]{360,400}={0,2}", beside="A-Za-z0-9+/="),
            examples=("AIVEN_TOKEN=<[A-Za-z0-9+/]{372}>",),
            counter_examples=("AIVEN_TOKEN=<[A-Za-z0-9+/]{100}>",),
            min_entropy=4.0,
            opens_organisation=True,
        ),
    ),
)
