"""Credentials that Yelp Fusion issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="yelp",
    label="Yelp Fusion",
    opens="Reads business data at the app's cost.",
    revoke="yelp.com/developers/v3/manage_app > API key > Reset > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.developer.yelp.com/docs/fusion-authentication",
    formats=(
        Format(
            slug="yelp-api-key",
            label="Yelp Fusion API key",
            kind=CredentialKind.API_KEY,
            pattern=near("yelp", "[A-Za-z0-9_-]{128}"),
            examples=("YELP_API_KEY=<[A-Za-z0-9_-]{128}>",),
            counter_examples=("YELP_API_KEY=<[A-Za-z0-9_-]{123}>", "YELP_API_KEY=<[x]{128}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=4.0,
            opens_organisation=True,
        ),
    ),
)
