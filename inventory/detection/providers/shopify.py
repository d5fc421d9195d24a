"""Credentials that Shopify issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="shopify",
    label="Shopify",
    opens=(
        "Reads and changes products, orders and customers of the shop or, for an app secret, of every shop that "
        "installed the app."
    ),
    revoke=(
        "Shopify admin > Settings > Apps and sales channels > Develop apps > the app > Uninstall or Rotate; "
        "partners under partners.shopify.com > Apps > the app > API credentials > Rotate."
    ),
    rotate=(
        "Rotate the app's client secret: both stay valid until you revoke the old one; then exchange access tokens "
        "with the new one."
    ),
    documentation="https://shopify.dev/docs/apps/build/authentication-authorization/client-secrets/rotate-revoke-client-credentials",
    formats=(
        Format(
            slug="shopify-access-token",
            label="Shopify access token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bshpat_[a-fA-F0-9]{32}\b",
            examples=("shpat_<[a-f0-9]{32}>",),
            counter_examples=("shpat_<[a-f0-9]{20}>",),
            public_prefix="shpat_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="shopify-custom-app-token",
            label="Shopify custom app access token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bshpca_[a-fA-F0-9]{32}\b",
            examples=("shpca_<[a-f0-9]{32}>",),
            counter_examples=("shpca_<[a-f0-9]{20}>",),
            public_prefix="shpca_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="shopify-private-app-password",
            label="Shopify private app password",
            kind=CredentialKind.API_KEY,
            pattern=r"\bshppa_[a-fA-F0-9]{32}\b",
            examples=("shppa_<[a-f0-9]{32}>",),
            counter_examples=("shppa_<[a-f0-9]{20}>",),
            public_prefix="shppa_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="shopify-shared-secret",
            label="Shopify app shared secret",
            kind=CredentialKind.API_KEY,
            pattern=r"\bshpss_[a-fA-F0-9]{32}\b",
            examples=("shpss_<[a-f0-9]{32}>",),
            counter_examples=("shpss_<[a-f0-9]{20}>",),
            public_prefix="shpss_",
            min_entropy=3.0,
        ),
        Format(
            slug="shopify-partner-token",
            label="Shopify Partner API token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bprtapi_[a-fA-F0-9]{32}\b",
            examples=("prtapi_<[a-f0-9]{32}>",),
            counter_examples=("prtapi_<[a-f0-9]{20}>",),
            public_prefix="prtapi_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
