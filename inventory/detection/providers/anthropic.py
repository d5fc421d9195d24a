"""Credentials that Anthropic issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="anthropic",
    label="Anthropic",
    opens="Calls the models at the organisation's cost; an admin key manages members, workspaces and keys.",
    revoke=(
        "console.anthropic.com > Settings > API keys > the key > Delete; with an admin key, POST "
        "/v1/organizations/api_keys/ID with status inactive."
    ),
    rotate="Create a second key in the same workspace, deploy it, then disable and delete the first.",
    documentation="https://docs.anthropic.com/en/api/getting-started",
    formats=(
        Format(
            slug="anthropic-api-key",
            label="Anthropic API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>sk-ant-(?:api|sid|oat)[0-9]{2}-[A-Za-z0-9_-]{80,110})(?:[^\w-]|$)",
            examples=("ANTHROPIC_API_KEY=sk-ant-api03-<[A-Za-z0-9_-]{93}>AA",),
            counter_examples=("sk-ant-api03-<[A-Za-z0-9_-]{20}>", "sk-ant-api03-<[x]{95}>"),
            public_prefix="sk-ant-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="anthropic-admin-key",
            label="Anthropic admin key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>sk-ant-admin[0-9]{2}-[A-Za-z0-9_-]{80,110})(?:[^\w-]|$)",
            examples=("sk-ant-admin01-<[A-Za-z0-9_-]{93}>AA",),
            counter_examples=("sk-ant-admin01-<[A-Za-z0-9_-]{20}>",),
            public_prefix="sk-ant-admin",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
