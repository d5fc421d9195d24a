"""Credentials that Shippo issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="shippo",
    label="Shippo",
    opens="Buys shipping labels at the account's cost and reads addresses.",
    revoke="apps.goshippo.com > Settings > API > the token > Delete.",
    rotate="Generate a second live token, deploy it, then delete the first.",
    documentation="https://docs.goshippo.com/docs/guides_general/authentication/",
    formats=(
        Format(
            slug="shippo-api-token",
            label="Shippo API token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bshippo_(?:live|test)_[a-f0-9]{40}\b",
            examples=("SHIPPO_TOKEN=shippo_live_<[a-f0-9]{40}>",),
            counter_examples=("shippo_live_<[a-f0-9]{20}>",),
            public_prefix="shippo_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
