"""Credentials that 1Password issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="onepassword",
    label="1Password",
    opens=(
        "Reads, and with write access changes, the items of the vaults that the service account or Connect server "
        "may see."
    ),
    revoke="1password.com > Developer > Service accounts or Connect servers > the token > Revoke.",
    rotate=(
        "Service accounts: Rotate token keeps the old one alive for the chosen time; Connect servers take a second "
        "token."
    ),
    documentation="https://developer.1password.com/docs/service-accounts/",
    formats=(
        Format(
            slug="onepassword-service-account-token",
            label="1Password service account token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>ops_eyJ[A-Za-z0-9+/_-]{250,1200}={0,2})(?:[^\w+/=-]|$)",
            examples=("OP_SERVICE_ACCOUNT_TOKEN=ops_eyJ<[A-Za-z0-9+/]{400}>",),
            counter_examples=("ops_eyJ<[A-Za-z0-9+/]{30}>",),
            public_prefix="ops_",
            min_entropy=3.5,
            opens_organisation=True,
        ),
        Format(
            slug="onepassword-secret-key",
            label="1Password account secret key",
            kind=CredentialKind.PASSWORD,
            pattern=r"\bA3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}\b",
            examples=("A3-<[A-Z0-9]{6}>-<[A-Z0-9]{11}>-<[A-Z0-9]{5}>-<[A-Z0-9]{5}>-<[A-Z0-9]{5}>",),
            counter_examples=("A3-<[A-Z0-9]{6}>-<[A-Z0-9]{5}>",),
            public_prefix="A3-",
            min_entropy=3.3,
        ),
    ),
)
