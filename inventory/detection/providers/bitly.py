"""Credentials that Bitly issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="bitly",
    label="Bitly",
    opens="Creates and changes short links of the account.",
    revoke="app.bitly.com > Settings > API > Access token > Regenerate.",
    rotate="There is one access token for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://dev.bitly.com/docs/getting-started/authentication/",
    formats=(
        Format(
            slug="bitly-access-token",
            label="Bitly access token",
            kind=CredentialKind.API_KEY,
            pattern=near("bitly", "[a-z0-9]{40}"),
            examples=("BITLY_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("BITLY_API_KEY=<[a-f0-9]{35}>", "BITLY_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
