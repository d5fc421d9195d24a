"""Credentials that OpenCage issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="opencage",
    label="OpenCage",
    opens="Geocodes at the account's cost.",
    revoke="opencagedata.com/dashboard > Geocoding API > the key > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://opencagedata.com/api",
    formats=(
        Format(
            slug="opencage-api-key",
            label="OpenCage API key",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:open_?cage[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-z0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("OPENCAGE_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("OPENCAGE_API_KEY=<[a-f0-9]{27}>", "OPENCAGE_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
