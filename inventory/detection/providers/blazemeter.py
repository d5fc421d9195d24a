"""Credentials that BlazeMeter issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="blazemeter",
    label="BlazeMeter",
    opens="Starts tests and reads their results as the user.",
    revoke="a.blazemeter.com > Settings > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://help.blazemeter.com/docs/guide/api-blazemeter-api-keys.html",
    formats=(
        Format(
            slug="blazemeter-api-key",
            label="BlazeMeter API key",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:(?:blazemeter|runscope)[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)"
                r"\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?"
                r"(?P<value>[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12})(?:[^\w-]|$)"
            ),
            examples=("BLAZEMETER_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("BLAZEMETER_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
