"""Credentials that Braintree and PayPal issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="braintree",
    label="Braintree and PayPal",
    opens="Takes and refunds payments and reads customers of the merchant account.",
    revoke=(
        "PayPal: developer.paypal.com > Apps & Credentials > the app > Secret > Disable. Braintree: Control Panel > "
        "Gear > API > API keys > Delete."
    ),
    rotate=(
        "PayPal apps take a second secret: generate it, deploy it, then disable the first. Braintree: generate a "
        "second key pair, deploy it, then delete the first."
    ),
    documentation="https://developer.paypal.com/api/rest/",
    formats=(
        Format(
            slug="braintree-access-token",
            label="Braintree access token",
            kind=CredentialKind.API_KEY,
            pattern=r"\baccess_token\$production\$[0-9a-z]{16}\$[0-9a-f]{32}\b",
            examples=("access_token$production$<[a-z0-9]{16}>$<[a-f0-9]{32}>",),
            counter_examples=("access_token$production$<[a-z0-9]{6}>$<[a-f0-9]{32}>",),
            public_prefix="access_token$production$",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="braintree-sandbox-token",
            label="Braintree sandbox access token",
            kind=CredentialKind.API_KEY,
            pattern=r"\baccess_token\$sandbox\$[0-9a-z]{16}\$[0-9a-f]{32}\b",
            examples=("access_token$sandbox$<[a-z0-9]{16}>$<[a-f0-9]{32}>",),
            counter_examples=("access_token$sandbox$<[a-z0-9]{6}>$<[a-f0-9]{32}>",),
            confidence=Confidence.MEDIUM,
            public_prefix="access_token$sandbox$",
            min_entropy=3.0,
        ),
        Format(
            slug="braintree-private-key",
            label="Braintree private key",
            kind=CredentialKind.API_KEY,
            pattern=near(r"(?:braintree|\bbt_)", "[a-f0-9]{32}", called="private[_ .-]?key"),
            examples=("BRAINTREE_PRIVATE_KEY=<[a-f0-9]{32}>",),
            counter_examples=("BRAINTREE_PRIVATE_KEY=<[a-f0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="braintree-paypal-secret",
            label="PayPal client secret",
            kind=CredentialKind.API_KEY,
            pattern=near("paypal", "E[A-Za-z0-9_-]{79}|[A-Za-z0-9]{64}", called="secret|token|key"),
            examples=("PAYPAL_CLIENT_SECRET=E<[A-Za-z0-9_-]{79}>",),
            counter_examples=("PAYPAL_CLIENT_SECRET=E<[A-Za-z0-9_-]{60}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
