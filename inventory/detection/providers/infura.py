"""Credentials that Infura issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="infura",
    label="Infura",
    opens="Reads and sends to chains at the project's cost.",
    revoke="app.infura.io > the key > Settings > Security > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.metamask.io/services/",
    formats=(
        Format(
            slug="infura-api-key",
            label="Infura API key",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:infura[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-z0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("INFURA_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("INFURA_API_KEY=<[a-f0-9]{27}>", "INFURA_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
