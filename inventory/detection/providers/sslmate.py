"""Credentials that SSLMate issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="sslmate",
    label="SSLMate",
    opens="Buys and manages certificates and their approval for the account.",
    revoke="sslmate.com/account > API credentials > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://sslmate.com/help/",
    formats=(
        Format(
            slug="sslmate-api-key",
            label="SSLMate API key",
            kind=CredentialKind.API_KEY,
            pattern=near("ssl_?mate", "[A-Za-z0-9_]{20}|[A-Za-z0-9]{36}"),
            examples=("SSLMATE_API_KEY=<[A-Za-z0-9]{36}>",),
            counter_examples=("SSLMATE_API_KEY=<[A-Za-z0-9]{31}>", "SSLMATE_API_KEY=<[x]{36}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
