"""Credentials that Pagar.me issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="pagarme",
    label="Pagar.me",
    opens="Takes payments and reads customers of the account.",
    revoke="dash.pagar.me > Settings > Keys > Disable.",
    rotate="Create a second secret key, deploy it, then disable the first.",
    documentation="https://docs.pagar.me/docs/chaves-de-acesso",
    formats=(
        Format(
            slug="pagarme-api-key",
            label="Pagar.me API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bak_(?:live|test)_[A-Za-z0-9]{30}\b",
            examples=("PAGARME_KEY=ak_live_<[A-Za-z0-9]{30}>",),
            counter_examples=("ak_live_<[A-Za-z0-9]{12}>", "ak_live_<[x]{30}>"),
            public_prefix="ak_live_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
