"""Credentials that DeepSeek issues."""

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
            pattern=(
                r"(?i:deepseek[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>sk-[a-f0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("DEEPSEEK_API_KEY=sk-<[a-f0-9]{32}>",),
            counter_examples=("DEEPSEEK_API_KEY=sk-<[a-f0-9]{20}>",),
            public_prefix="sk-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
