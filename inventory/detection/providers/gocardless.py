"""Credentials that GoCardless issues."""

from inventory.detection.context import near
from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="gocardless",
    label="GoCardless",
    opens="Creates mandates and takes direct debits for the organisation.",
    revoke="manage.gocardless.com > Developers > API access tokens > Delete.",
    rotate="Create a second access token with the same scope, deploy it, then delete the first.",
    documentation="https://developer.gocardless.com/getting-started/setting-up-your-environment",
    formats=(
        Format(
            slug="gocardless-access-token",
            label="GoCardless access token",
            kind=CredentialKind.API_KEY,
            pattern=near("gocardless", "(?:live|sandbox)_[A-Za-z0-9_=-]{40}", beside=r"\w=-"),
            examples=("GOCARDLESS_ACCESS_TOKEN=live_<[A-Za-z0-9_-]{40}>",),
            counter_examples=("GOCARDLESS_ACCESS_TOKEN=live_<[A-Za-z0-9_-]{20}>",),
            public_prefix="live_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
