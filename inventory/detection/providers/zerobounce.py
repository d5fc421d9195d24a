"""Credentials that ZeroBounce issues."""

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
            pattern=(
                r"(?i:zero_?bounce[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-z0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("ZEROBOUNCE_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("ZEROBOUNCE_API_KEY=<[a-f0-9]{27}>", "ZEROBOUNCE_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
