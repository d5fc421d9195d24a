"""Credentials that Calendarific issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="calendarific",
    label="Calendarific",
    opens="Reads holidays at the account's cost.",
    revoke="calendarific.com > Account > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://calendarific.com/api-documentation",
    formats=(
        Format(
            slug="calendarific-api-key",
            label="Calendarific API key",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:calendarific[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-z0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("CALENDARIFIC_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("CALENDARIFIC_API_KEY=<[a-f0-9]{27}>", "CALENDARIFIC_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
