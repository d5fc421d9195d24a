"""Credentials that Everhour issues."""

from inventory.detection.context import near
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
            pattern=near("everhour", "[a-zA-Z0-9]{4}-[a-f0-9]{4}-[a-f0-9]{6}-[a-f0-9]{6}-[a-f0-9]{8}"),
            examples=("EVERHOUR_API_KEY=<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{6}>-<[a-f0-9]{6}>-<[a-f0-9]{8}>",),
            counter_examples=("EVERHOUR_API_KEY=<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{6}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
