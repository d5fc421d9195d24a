"""Credentials that Klaviyo issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="klaviyo",
    label="Klaviyo",
    opens="Reads and changes the profiles, lists and campaigns of the account, as the key's scopes allow.",
    revoke="klaviyo.com > Settings > API keys > the private key > Delete.",
    rotate="Create a second private key with the same scopes, deploy it, then delete the first.",
    documentation="https://developers.klaviyo.com/en/docs/authenticate_",
    formats=(
        Format(
            slug="klaviyo-private-key",
            label="Klaviyo private API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bpk_[a-f0-9]{34}\b",
            examples=("KLAVIYO_API_KEY=pk_<[a-f0-9]{34}>",),
            counter_examples=("pk_<[a-f0-9]{30}>", "pk_<[a-f0-9]{36}>"),
            public_prefix="pk_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
