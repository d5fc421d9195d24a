"""Credentials that Neon issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="neon",
    label="Neon",
    opens="Creates, reads and deletes projects and branches of the account or organisation.",
    revoke="console.neon.tech > Settings > API keys > Revoke; or DELETE /api/v2/api_keys/ID.",
    rotate="Create a second API key, deploy it, then revoke the first.",
    documentation="https://neon.com/docs/manage/api-keys",
    formats=(
        Format(
            slug="neon-api-key",
            label="Neon API key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\bnapi_[a-z0-9]{64}\b",
            examples=("NEON_API_KEY=napi_<[a-z0-9]{64}>",),
            counter_examples=("napi_<[a-z0-9]{30}>", "napi_<[x]{64}>"),
            public_prefix="napi_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
