"""Credentials that Auth0 issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="auth0",
    label="Auth0",
    opens=(
        "A client secret signs in as the application; one with the Management API reads and changes users and "
        "connections of the tenant."
    ),
    revoke=(
        "manage.auth0.com > Applications > the application > Credentials > Rotate secret; or POST "
        "/api/v2/clients/ID/rotate-secret."
    ),
    rotate=(
        "Rotating replaces the secret at once: switch the application to private-key authentication with two keys, "
        "or add a second application first."
    ),
    documentation="https://auth0.com/docs/get-started/applications/rotate-client-secret",
    formats=(
        Format(
            slug="auth0-client-secret",
            label="Auth0 client secret",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=(
                r"(?i:auth0[\w .-]{0,24}(?:secret|token|key)\w{0,9}|auth0\.com[\s\S]{0,120}?client_?secret)"
                r"[\s\"':=>,(]{1,8}(?P<value>[A-Za-z0-9_-]{64})(?:[^\w-]|$)"
            ),
            examples=("AUTH0_CLIENT_SECRET='<[A-Za-z0-9_-]{64}>'",),
            counter_examples=("AUTH0_CLIENT_SECRET='<[A-Za-z0-9_-]{50}>'", "AUTH0_CLIENT_SECRET='<[x]{64}>'"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.7,
        ),
    ),
)
