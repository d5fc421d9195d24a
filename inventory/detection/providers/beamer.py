"""Credentials that Beamer issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="beamer",
    label="Beamer",
    opens="Reads and publishes announcements of the product.",
    revoke="app.getbeamer.com > Settings > API > the key > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://www.getbeamer.com/api",
    formats=(
        Format(
            slug="beamer-api-key",
            label="Beamer API key",
            kind=CredentialKind.API_KEY,
            pattern=near("beamer", "b_[A-Za-z0-9=_/+-]{44}", beside=r"\w=/+-"),
            examples=("BEAMER_API_KEY=b_<[A-Za-z0-9]{44}>",),
            counter_examples=("BEAMER_API_KEY=b_<[A-Za-z0-9]{30}>",),
            confidence=Confidence.MEDIUM,
            public_prefix="b_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
