"""Credentials that Razorpay issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="razorpay",
    label="Razorpay",
    opens="Takes and refunds payments and reads the orders of the merchant account.",
    revoke="dashboard.razorpay.com > Account & Settings > API keys > Regenerate key > Deactivate old key immediately.",
    rotate="Regenerate the key and choose to deactivate the old one after 24 hours; deploy the new pair meanwhile.",
    documentation="https://razorpay.com/docs/payments/dashboard/account-settings/api-keys/",
    formats=(
        Format(
            slug="razorpay-key-id",
            label="Razorpay key id",
            kind=CredentialKind.API_KEY,
            pattern=r"\brzp_live_[A-Za-z0-9]{14}\b",
            examples=("rzp_live_<[A-Za-z0-9]{14}>",),
            counter_examples=("rzp_live_<[A-Za-z0-9]{8}>",),
            public_prefix="rzp_live_",
            min_entropy=3.0,
            public_by_design=True,
        ),
        Format(
            slug="razorpay-key-secret",
            label="Razorpay key secret",
            kind=CredentialKind.API_KEY,
            pattern=near(r"(?:razorpay|\brzp)", "[A-Za-z0-9]{24}", called="secret"),
            examples=("RAZORPAY_KEY_SECRET=<[A-Za-z0-9]{24}>",),
            counter_examples=("RAZORPAY_KEY_SECRET=<[A-Za-z0-9]{16}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
            opens_organisation=True,
        ),
    ),
)
