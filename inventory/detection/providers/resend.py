"""Credentials that Resend issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="resend",
    label="Resend",
    opens="Sends mail in the name of the account's domains; with full access it manages them.",
    revoke="resend.com > API Keys > the key > Remove; or DELETE https://api.resend.com/api-keys/ID.",
    rotate="Create a second key with the same permission, deploy it, then remove the first.",
    documentation="https://resend.com/docs/dashboard/api-keys/introduction",
    formats=(
        Format(
            slug="resend-api-key",
            label="Resend API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bre_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}\b",
            examples=("RESEND_API_KEY=re_<[A-Za-z0-9]{8}>_<[A-Za-z0-9]{24}>",),
            counter_examples=("re_<[A-Za-z0-9]{8}>_<[A-Za-z0-9]{10}>", "re_<[x]{8}>_<[x]{24}>"),
            public_prefix="re_",
            min_entropy=3.3,
            opens_organisation=True,
        ),
    ),
)
