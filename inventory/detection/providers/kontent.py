"""Credentials that Kontent.ai issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="kontent",
    label="Kontent.ai",
    opens="Reads or manages content of the environment, as the key's kind allows.",
    revoke="app.kontent.ai > Project settings > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://kontent.ai/learn/docs/apis/api-keys",
    formats=(
        Format(
            slug="kontent-api-key",
            label="Kontent.ai API key",
            kind=CredentialKind.API_KEY,
            pattern=near("kontent", UUID),
            examples=("KONTENT_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("KONTENT_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
