"""Credentials that Crowdin issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="crowdin",
    label="Crowdin",
    opens="Reads and changes translations within the token's scopes.",
    revoke="crowdin.com > Settings > API > Personal access tokens > Delete.",
    rotate="Create a second access token, deploy it, then delete the first.",
    documentation="https://support.crowdin.com/account-settings/",
    formats=(
        Format(
            slug="crowdin-access-token",
            label="Crowdin access token",
            kind=CredentialKind.API_KEY,
            pattern=near("crowdin", "[a-z0-9]{80}|[A-Za-z0-9]{86}"),
            examples=("CROWDIN_PERSONAL_TOKEN=<[a-f0-9]{80}>",),
            counter_examples=("CROWDIN_PERSONAL_TOKEN=<[a-f0-9]{75}>", "CROWDIN_PERSONAL_TOKEN=<[x]{80}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
