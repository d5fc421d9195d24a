"""Credentials that xAI issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="xai",
    label="xAI",
    opens="Calls the models at the team's cost.",
    revoke="console.x.ai > API keys > the key > Disable or Delete.",
    rotate="Create a second key with the same permissions, deploy it, then delete the first.",
    documentation="https://docs.x.ai/docs/tutorial",
    formats=(
        Format(
            slug="xai-api-key",
            label="xAI API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bxai-[A-Za-z0-9]{80}\b",
            examples=("XAI_API_KEY=xai-<[A-Za-z0-9]{80}>",),
            counter_examples=("xai-<[A-Za-z0-9]{40}>", "xai-<[x]{80}>"),
            public_prefix="xai-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
