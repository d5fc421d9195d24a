"""Credentials that Everhour issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="everhour",
    label="Everhour",
    opens="Reads and changes time entries of the team.",
    revoke="app.everhour.com > Settings > My profile > API token > Regenerate.",
    rotate="There is one API token for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://everhour.docs.apiary.io/",
    formats=(
        Format(
            slug="everhour-api-token",
            label="Everhour API token",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:everhour[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?"
                r"(?P<value>[a-zA-Z0-9]{4}-[a-f0-9]{4}-[a-f0-9]{6}-[a-f0-9]{6}-[a-f0-9]{8})(?:[^\w-]|$)"
            ),
            examples=("EVERHOUR_API_KEY=<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{6}>-<[a-f0-9]{6}>-<[a-f0-9]{8}>",),
            counter_examples=("EVERHOUR_API_KEY=<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{6}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
