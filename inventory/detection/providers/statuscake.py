"""Credentials that StatusCake issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="statuscake",
    label="StatusCake",
    opens="Reads and changes tests of the account.",
    revoke="app.statuscake.com > Account settings > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developers.statuscake.com/guides/api/authentication/",
    formats=(
        Format(
            slug="statuscake-api-key",
            label="StatusCake API key",
            kind=CredentialKind.API_KEY,
            pattern=near("statuscake", "[A-Za-z0-9]{20}|[A-Za-z0-9]{64}"),
            examples=("STATUSCAKE_API_KEY=<[A-Za-z0-9]{20}>",),
            counter_examples=("STATUSCAKE_API_KEY=<[A-Za-z0-9]{15}>", "STATUSCAKE_API_KEY=<[x]{20}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
