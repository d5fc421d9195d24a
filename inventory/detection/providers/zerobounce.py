"""Credentials that ZeroBounce issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="zerobounce",
    label="ZeroBounce",
    opens="Checks mail addresses at the account's cost.",
    revoke="zerobounce.net > Members > API > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://www.zerobounce.net/docs/",
    formats=(
        Format(
            slug="zerobounce-api-key",
            label="ZeroBounce API key",
            kind=CredentialKind.API_KEY,
            pattern=near("zero_?bounce", "[a-z0-9]{32}"),
            examples=("ZEROBOUNCE_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("ZEROBOUNCE_API_KEY=<[a-f0-9]{27}>", "ZEROBOUNCE_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
