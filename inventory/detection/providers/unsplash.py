"""Credentials that Unsplash issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="unsplash",
    label="Unsplash",
    opens="Reads photos as the app, and with the secret key signs people in.",
    revoke="unsplash.com/oauth/applications > the app > Keys > Regenerate.",
    rotate=(
        "There is one access or secret key for each account: generate it anew and deploy it at once, outside busy "
        "hours."
    ),
    documentation="https://unsplash.com/documentation",
    formats=(
        Format(
            slug="unsplash-access-or-secret-key",
            label="Unsplash access or secret key",
            kind=CredentialKind.API_KEY,
            pattern=near("unsplash", "[A-Za-z0-9_-]{43}"),
            examples=("UNSPLASH_ACCESS_KEY=<[A-Za-z0-9]{43}>",),
            counter_examples=("UNSPLASH_ACCESS_KEY=<[A-Za-z0-9]{38}>", "UNSPLASH_ACCESS_KEY=<[x]{43}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
