"""Credentials that TomTom issues."""

from inventory.detection.context import near
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
            pattern=near("tomtom", "[A-Za-z0-9]{32}"),
            examples=("TOMTOM_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("TOMTOM_API_KEY=<[A-Za-z0-9]{27}>", "TOMTOM_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
