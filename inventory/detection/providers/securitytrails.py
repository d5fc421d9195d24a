"""Credentials that SecurityTrails issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="securitytrails",
    label="SecurityTrails",
    opens="Looks up domains at the account's cost.",
    revoke="securitytrails.com > Account > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.securitytrails.com/",
    formats=(
        Format(
            slug="securitytrails-api-key",
            label="SecurityTrails API key",
            kind=CredentialKind.API_KEY,
            pattern=near("security_?trails", "[A-Za-z0-9]{32}"),
            examples=("SECURITYTRAILS_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("SECURITYTRAILS_API_KEY=<[A-Za-z0-9]{27}>", "SECURITYTRAILS_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
