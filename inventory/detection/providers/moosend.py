"""Credentials that Moosend issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="moosend",
    label="Moosend",
    opens="Reads lists and sends campaigns of the account.",
    revoke="app.moosend.com > Settings > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.moosend.com/",
    formats=(
        Format(
            slug="moosend-api-key",
            label="Moosend API key",
            kind=CredentialKind.API_KEY,
            pattern=near("moosend", UUID),
            examples=("MOOSEND_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("MOOSEND_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
