"""Credentials that Apollo.io issues."""

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
            pattern=(
                r"(?i:apollo(?:_?io)?[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[A-Za-z0-9_-]{22})(?:[^\w-]|$)"
            ),
            examples=("APOLLO_IO_API_KEY=<[A-Za-z0-9]{22}>",),
            counter_examples=("APOLLO_IO_API_KEY=<[A-Za-z0-9]{17}>", "APOLLO_IO_API_KEY=<[x]{22}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
