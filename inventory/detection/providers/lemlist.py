"""Credentials that lemlist issues."""

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
            pattern=(
                r"(?i:lemlist[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-f0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("LEMLIST_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("LEMLIST_API_KEY=<[a-f0-9]{27}>", "LEMLIST_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
