"""Credentials that DeepSeek issues."""

from inventory.detection.context import near
from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="deepseek",
    label="DeepSeek",
    opens="Calls the models at the account's cost.",
    revoke="platform.deepseek.com > API keys > Delete.",
    rotate="Create a second key, deploy it, then delete the first.",
    documentation="https://api-docs.deepseek.com/",
    formats=(
        Format(
            slug="deepseek-api-key",
            label="DeepSeek API key",
            kind=CredentialKind.API_KEY,
            pattern=near("deepseek", "sk-[a-f0-9]{32}"),
            examples=("DEEPSEEK_API_KEY=sk-<[a-f0-9]{32}>",),
            counter_examples=("DEEPSEEK_API_KEY=sk-<[a-f0-9]{20}>",),
            public_prefix="sk-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
