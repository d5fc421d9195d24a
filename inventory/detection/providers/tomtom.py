"""Credentials that TomTom issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="tomtom",
    label="TomTom",
    opens="Calls maps and routing at the account's cost.",
    revoke="developer.tomtom.com > Dashboard > Keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developer.tomtom.com/knowledgebase/platform/articles/how-to-get-an-tomtom-api-key/",
    formats=(
        Format(
            slug="tomtom-api-key",
            label="TomTom API key",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:tomtom[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[A-Za-z0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("TOMTOM_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("TOMTOM_API_KEY=<[A-Za-z0-9]{27}>", "TOMTOM_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
