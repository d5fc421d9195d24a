"""Credentials that Plaid issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="plaid",
    label="Plaid",
    opens="Reads bank accounts and transactions of every linked user, together with the client id.",
    revoke=(
        "dashboard.plaid.com > Developers > Keys > Rotate secret, then Delete the old one; access tokens with POST "
        "/item/access_token/invalidate."
    ),
    rotate="Create a second secret for the environment, deploy it, then delete the first; both work meanwhile.",
    documentation="https://plaid.com/docs/account/security/",
    formats=(
        Format(
            slug="plaid-access-token",
            label="Plaid access token",
            kind=CredentialKind.API_KEY,
            pattern=r"\baccess-(?:production|development|sandbox)-[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\b",
            examples=("access-production-<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("access-production-<[a-f0-9]{8}>",),
            public_prefix="access-",
            min_entropy=3.0,
        ),
        Format(
            slug="plaid-secret",
            label="Plaid client secret",
            kind=CredentialKind.API_KEY,
            pattern=near("plaid", "[a-f0-9]{30}", called="secret"),
            examples=("PLAID_SECRET=<[a-f0-9]{30}>",),
            counter_examples=("PLAID_SECRET=<[a-f0-9]{24}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
