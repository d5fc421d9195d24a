"""Credentials that Pixabay issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="pixabay",
    label="Pixabay",
    opens="Searches images under the account's rate limit.",
    revoke="pixabay.com/api/docs > the key shown when signed in (ask api@pixabay.com to replace it) > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://pixabay.com/api/docs/",
    formats=(
        Format(
            slug="pixabay-api-key",
            label="Pixabay API key",
            kind=CredentialKind.API_KEY,
            pattern=near("pixabay", "[0-9]{7,9}-[a-f0-9]{25}|[a-z0-9]{40}"),
            examples=("PIXABAY_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("PIXABAY_API_KEY=<[a-f0-9]{35}>", "PIXABAY_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
