"""Credentials that Foursquare issues."""

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
            pattern=(
                r"(?i:foursquare[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?"
                r"(?P<value>fsq3[A-Za-z0-9+/]{43}=?|[A-Z0-9]{48})(?:[^\w+/=-]|$)"
            ),
            examples=("FOURSQUARE_API_KEY=<[A-Z0-9]{48}>",),
            counter_examples=("FOURSQUARE_API_KEY=<[A-Z0-9]{43}>", "FOURSQUARE_API_KEY=<[x]{48}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
