"""Credentials that RocketReach issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="rocketreach",
    label="RocketReach",
    opens="Looks up persons at the account's cost.",
    revoke="rocketreach.co > Account > API > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.rocketreach.co/",
    formats=(
        Format(
            slug="rocketreach-api-key",
            label="RocketReach API key",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:rocket_?reach[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?"
                r"(?P<value>[A-Za-z0-9]{6}-[A-Za-z0-9]{36}|[a-z0-9]{39})(?:[^\w-]|$)"
            ),
            examples=("ROCKETREACH_API_KEY=<[a-f0-9]{39}>",),
            counter_examples=("ROCKETREACH_API_KEY=<[a-f0-9]{34}>", "ROCKETREACH_API_KEY=<[x]{39}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
