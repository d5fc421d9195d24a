"""Credentials that Flickr issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="flickr",
    label="Flickr",
    opens="Signs in as the app; with the secret makes people's tokens.",
    revoke="flickr.com/services/apps > the app > Edit key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://www.flickr.com/services/api/",
    formats=(
        Format(
            slug="flickr-api-key",
            label="Flickr API key",
            kind=CredentialKind.API_KEY,
            pattern=near("flickr", "[a-f0-9]{32}|[a-f0-9]{16}"),
            examples=("FLICKR_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("FLICKR_API_KEY=<[a-f0-9]{27}>", "FLICKR_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
