"""Credentials that lemlist issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="lemlist",
    label="lemlist",
    opens="Reads campaigns and contacts of the team and sends mail in its name.",
    revoke="app.lemlist.com > Settings > Team > Integrations > API > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developer.lemlist.com/",
    formats=(
        Format(
            slug="lemlist-api-key",
            label="lemlist API key",
            kind=CredentialKind.API_KEY,
            pattern=near("lemlist", "[a-f0-9]{32}"),
            examples=("LEMLIST_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("LEMLIST_API_KEY=<[a-f0-9]{27}>", "LEMLIST_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
