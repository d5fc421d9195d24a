"""Credentials that Stripe issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="stripe",
    label="Stripe",
    opens=(
        "Charges, refunds and pays out in the account, and reads its customers; a restricted key does what its "
        "permissions say, a test key touches no money."
    ),
    revoke=(
        "dashboard.stripe.com > Developers > API keys > the key > Roll key or Delete key; webhook signing secrets "
        "under Developers > Webhooks > Roll secret."
    ),
    rotate=(
        "Roll the key and let the old one live for up to seven days, deploy the new one, check the request log for "
        "the old key, then expire it; prefer restricted keys."
    ),
    documentation="https://docs.stripe.com/keys",
    formats=(
        Format(
            slug="stripe-secret-key",
            label="Stripe live secret key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>sk_live_(?:[A-Za-z0-9]{10,34}|[A-Za-z0-9]{60,247}))\b",
            examples=("STRIPE_SECRET_KEY=sk_live_<[A-Za-z0-9]{24}>", "sk_live_51<[A-Za-z0-9]{97}>"),
            counter_examples=("sk_live_<[A-Za-z0-9]{6}>", "sk_live_<[x]{24}>"),
            public_prefix="sk_live_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="stripe-restricted-key",
            label="Stripe live restricted key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>rk_live_(?:[A-Za-z0-9]{10,34}|[A-Za-z0-9]{60,247}))\b",
            examples=("rk_live_<[A-Za-z0-9]{24}>",),
            counter_examples=("rk_live_<[A-Za-z0-9]{6}>",),
            public_prefix="rk_live_",
            min_entropy=3.0,
        ),
        Format(
            slug="stripe-test-key",
            label="Stripe test key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>[sr]k_test_(?:[A-Za-z0-9]{10,34}|[A-Za-z0-9]{60,247}))\b",
            examples=("sk_test_<[A-Za-z0-9]{24}>",),
            counter_examples=("sk_test_<[A-Za-z0-9]{6}>",),
            confidence=Confidence.MEDIUM,
            public_prefix="sk_test_",
            min_entropy=3.0,
        ),
        Format(
            slug="stripe-publishable-key",
            label="Stripe publishable key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>pk_live_(?:[A-Za-z0-9]{20,34}|[A-Za-z0-9]{60,247}))\b",
            examples=("pk_live_<[A-Za-z0-9]{24}>",),
            counter_examples=("pk_live_<[A-Za-z0-9]{6}>",),
            public_prefix="pk_live_",
            min_entropy=3.0,
            public_by_design=True,
        ),
        Format(
            slug="stripe-webhook-secret",
            label="Stripe webhook signing secret",
            kind=CredentialKind.SIGNED_TOKEN,
            pattern=r"(?i:stripe)[\w .-]{0,40}[\s\"':=>,(]{1,8}(?P<value>whsec_[A-Za-z0-9]{32,64})\b",
            examples=("STRIPE_WEBHOOK_SECRET=whsec_<[A-Za-z0-9]{32}>",),
            counter_examples=("STRIPE_WEBHOOK_SECRET=whsec_<[A-Za-z0-9]{10}>",),
            public_prefix="whsec_",
            min_entropy=3.0,
        ),
    ),
)
