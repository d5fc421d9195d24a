"""Credentials that Hugging Face issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="huggingface",
    label="Hugging Face",
    opens="Reads private models and data sets, and with the write role pushes to them, as the user or organisation.",
    revoke="huggingface.co > Settings > Access Tokens > Manage > Invalidate and refresh, or Delete.",
    rotate="Create a second fine-grained token, deploy it, then delete the first.",
    documentation="https://huggingface.co/docs/hub/security-tokens",
    formats=(
        Format(
            slug="huggingface-user-token",
            label="Hugging Face user access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bhf_[A-Za-z]{34}\b",
            examples=("HF_TOKEN=hf_<[A-Za-z]{34}>",),
            counter_examples=("hf_<[A-Za-z]{20}>", "hf_<[x]{34}>"),
            public_prefix="hf_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="huggingface-organisation-token",
            label="Hugging Face organisation token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bapi_org_[A-Za-z]{34}\b",
            examples=("api_org_<[A-Za-z]{34}>",),
            counter_examples=("api_org_<[A-Za-z]{20}>",),
            public_prefix="api_org_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
