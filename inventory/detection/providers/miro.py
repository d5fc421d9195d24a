"""Credentials that Miro issues."""

from inventory.detection.context import near
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
            pattern=near(r"\bmiro", "[A-Za-z0-9_-]{27}|[a-z0-9]{36}"),
            examples=("MIRO_ACCESS_TOKEN=<[A-Za-z0-9]{27}>",),
            counter_examples=("MIRO_ACCESS_TOKEN=<[A-Za-z0-9]{22}>", "MIRO_ACCESS_TOKEN=<[x]{27}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
