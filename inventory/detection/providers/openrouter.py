"""Credentials that OpenRouter issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="openrouter",
    label="OpenRouter",
    opens="Calls the models at the account's cost; a provisioning key makes and deletes other keys.",
    revoke=(
        "openrouter.ai > Settings > Keys > Delete; or DELETE https://openrouter.ai/api/v1/keys/HASH with a "
        "provisioning key."
    ),
    rotate="Create a second key with a credit limit, deploy it, then delete the first.",
    documentation="https://openrouter.ai/docs/api-reference/authentication",
    formats=(
        Format(
            slug="openrouter-api-key",
            label="OpenRouter API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bsk-or-v1-[a-f0-9]{64}\b",
            examples=("OPENROUTER_API_KEY=sk-or-v1-<[a-f0-9]{64}>",),
            counter_examples=("sk-or-v1-<[a-f0-9]{40}>", "sk-or-v1-<[x]{64}>"),
            public_prefix="sk-or-v1-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
