"""Credentials that Foursquare issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="foursquare",
    label="Foursquare",
    opens="Reads places at the project's cost.",
    revoke="foursquare.com/developers > the project > Settings > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.foursquare.com/",
    formats=(
        Format(
            slug="foursquare-api-key",
            label="Foursquare API key",
            kind=CredentialKind.API_KEY,
            pattern=near("foursquare", "fsq3[A-Za-z0-9+/]{43}=?|[A-Z0-9]{48}", beside=r"\w+/=-"),
            examples=("FOURSQUARE_API_KEY=<[A-Z0-9]{48}>",),
            counter_examples=("FOURSQUARE_API_KEY=<[A-Z0-9]{43}>", "FOURSQUARE_API_KEY=<[x]{48}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
