"""Credentials that Crowdin issues."""

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
            pattern=(
                r"(?i:crowdin[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?"
                r"(?P<value>[a-z0-9]{80}|[A-Za-z0-9]{86})(?:[^\w-]|$)"
            ),
            examples=("CROWDIN_PERSONAL_TOKEN=<[a-f0-9]{80}>",),
            counter_examples=("CROWDIN_PERSONAL_TOKEN=<[a-f0-9]{75}>", "CROWDIN_PERSONAL_TOKEN=<[x]{80}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
