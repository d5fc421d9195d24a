"""Credentials that Apollo.io issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="apollo-io",
    label="Apollo.io",
    opens="Reads and changes contacts of the team at the account's cost.",
    revoke="app.apollo.io > Settings > Integrations > API > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.apollo.io/",
    formats=(
        Format(
            slug="apollo-io-api-key",
            label="Apollo.io API key",
            kind=CredentialKind.API_KEY,
            pattern=near("apollo(?:_?io)?", "[A-Za-z0-9_-]{22}"),
            examples=("APOLLO_IO_API_KEY=<[A-Za-z0-9]{22}>",),
            counter_examples=("APOLLO_IO_API_KEY=<[A-Za-z0-9]{17}>", "APOLLO_IO_API_KEY=<[x]{22}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
