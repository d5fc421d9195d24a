"""Credentials that Okta issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="okta",
    label="Okta",
    opens=(
        "Administers users, groups and apps of the Okta organisation, with the rights of the administrator who made "
        "the token."
    ),
    revoke=(
        "Okta Admin Console > Security > API > Tokens > Revoke; client secrets under Applications > the app > "
        "General > Deactivate."
    ),
    rotate=(
        "Create a second token from a service account and limit its networks, deploy it, then revoke the first; "
        "better, use OAuth for Okta with a private key."
    ),
    documentation="https://developer.okta.com/docs/guides/create-an-api-token/main/",
    formats=(
        Format(
            slug="okta-api-token",
            label="Okta API token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bSSWS\s{1,2}(?P<value>00[A-Za-z0-9_-]{40})(?:[^\w-]|$)",
            examples=("Authorization: SSWS 00<[A-Za-z0-9_-]{40}>",),
            counter_examples=("SSWS 00<[A-Za-z0-9_-]{30}>",),
            public_prefix="00",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="okta-token-in-context",
            label="Okta API token or client secret beside its name",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near("okta", "[A-Za-z0-9_-]{40}|[A-Za-z0-9_-]{42}|[A-Za-z0-9_-]{64}"),
            examples=("OKTA_API_TOKEN=00<[A-Za-z0-9_-]{40}>", "OKTA_CLIENT_SECRET=<[A-Za-z0-9_-]{40}>"),
            counter_examples=("OKTA_CLIENT_SECRET=<[A-Za-z0-9_-]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
