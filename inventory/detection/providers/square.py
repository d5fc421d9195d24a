"""Credentials that Square issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="square",
    label="Square",
    opens="Takes payments and reads customers and orders of the Square account.",
    revoke=(
        "developer.squareup.com > Applications > the app > Credentials > Replace token; OAuth tokens with POST "
        "/oauth2/revoke."
    ),
    rotate=(
        "Replace the token in the developer dashboard and choose the delayed expiry of the old one, deploy the new "
        "one meanwhile; refresh OAuth tokens before they end."
    ),
    documentation="https://developer.squareup.com/docs/build-basics/access-tokens",
    formats=(
        Format(
            slug="square-access-token",
            label="Square access token",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>(?:EAAA|EAAE|EAAl)[A-Za-z0-9_-]{56,62})(?:[^\w-]|$)",
            examples=("SQUARE_ACCESS_TOKEN=EAAA<[A-Za-z0-9_-]{60}>",),
            counter_examples=("EAAA<[A-Za-z0-9_-]{30}>",),
            public_prefix="EAAA",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="square-legacy-access-token",
            label="Square access token, older form",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>sq0atp-[A-Za-z0-9_-]{22})(?:[^\w-]|$)",
            examples=("sq0atp-<[A-Za-z0-9_-]{22}>",),
            counter_examples=("sq0atp-<[A-Za-z0-9_-]{10}>",),
            public_prefix="sq0atp-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="square-oauth-secret",
            label="Square OAuth secret",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>sq0csp-[A-Za-z0-9_-]{43})(?:[^\w-]|$)",
            examples=("sq0csp-<[A-Za-z0-9_-]{43}>",),
            counter_examples=("sq0csp-<[A-Za-z0-9_-]{20}>",),
            public_prefix="sq0csp-",
            min_entropy=3.0,
        ),
        Format(
            slug="square-application-id",
            label="Square application id",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>sq0idp-[A-Za-z0-9_-]{22})(?:[^\w-]|$)",
            examples=("sq0idp-<[A-Za-z0-9_-]{22}>",),
            counter_examples=("sq0idp-<[A-Za-z0-9_-]{10}>",),
            public_prefix="sq0idp-",
            min_entropy=3.0,
            public_by_design=True,
        ),
    ),
)
