"""Credentials that Replicate issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="replicate",
    label="Replicate",
    opens="Runs models and reads predictions at the account's cost.",
    revoke="replicate.com > Account > API tokens > Disable.",
    rotate="Create a second token, deploy it, then disable the first.",
    documentation="https://replicate.com/docs/topics/security/api-tokens",
    formats=(
        Format(
            slug="replicate-api-token",
            label="Replicate API token",
            kind=CredentialKind.API_KEY,
            pattern=r"\br8_[A-Za-z0-9]{37}\b",
            examples=("REPLICATE_API_TOKEN=r8_<[A-Za-z0-9]{37}>",),
            counter_examples=("r8_<[A-Za-z0-9]{20}>", "r8_<[x]{37}>"),
            public_prefix="r8_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
