"""Credentials that Paystack issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="paystack",
    label="Paystack",
    opens="Takes payments, sends transfers and reads customers of the business.",
    revoke="dashboard.paystack.com > Settings > API Keys & Webhooks > Generate new secret key.",
    rotate="Generate a new secret key and keep the old one for the offered overlap, deploy the new one meanwhile.",
    documentation="https://paystack.com/docs/api/authentication/",
    formats=(
        Format(
            slug="paystack-secret-key",
            label="Paystack secret key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bsk_(?:live|test)_[a-f0-9]{40}\b",
            examples=("sk_live_<[a-f0-9]{40}>",),
            counter_examples=("sk_live_<[a-f0-9]{50}>",),
            public_prefix="sk_live_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
