"""Credentials that Miro issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="miro",
    label="Miro",
    opens="Reads and changes boards of the team within the app's scopes.",
    revoke="miro.com > Profile settings > Your apps > the app > Access tokens > Delete.",
    rotate="Create a second access token, deploy it, then delete the first.",
    documentation="https://developers.miro.com/docs/getting-started-with-oauth",
    formats=(
        Format(
            slug="miro-access-token",
            label="Miro access token",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:\bmiro[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?"
                r"(?P<value>[A-Za-z0-9_-]{27}|[a-z0-9]{36})(?:[^\w-]|$)"
            ),
            examples=("MIRO_ACCESS_TOKEN=<[A-Za-z0-9]{27}>",),
            counter_examples=("MIRO_ACCESS_TOKEN=<[A-Za-z0-9]{22}>", "MIRO_ACCESS_TOKEN=<[x]{27}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
