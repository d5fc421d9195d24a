"""Credentials that Privacy.com issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="privacy-com",
    label="Privacy.com",
    opens="Creates virtual cards and reads their transactions.",
    revoke="app.privacy.com > Account > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://developers.privacy.com/",
    formats=(
        Format(
            slug="privacy-com-api-key",
            label="Privacy.com API key",
            kind=CredentialKind.API_KEY,
            pattern=near(r"\bprivacy(?:_?com)?", UUID),
            examples=("PRIVACY_COM_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("PRIVACY_COM_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
