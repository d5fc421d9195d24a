"""Credentials that Heroku issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="heroku",
    label="Heroku",
    opens=(
        "Deploys and reads all apps of the account that issued it, with their config variables and database addresses."
    ),
    revoke=(
        "dashboard.heroku.com > Account settings > Applications > Authorizations > Revoke, or `heroku "
        "authorizations:revoke ID`; the account's key under Account > API key > Regenerate."
    ),
    rotate=(
        "Create an authorization of its own for each use (`heroku authorizations:create`), deploy it, then revoke "
        "the old one."
    ),
    documentation="https://devcenter.heroku.com/articles/authentication",
    formats=(
        Format(
            slug="heroku-oauth-token",
            label="Heroku OAuth token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>HRKU-AA[A-Za-z0-9_-]{58})(?:[^\w-]|$)",
            examples=("HEROKU_API_KEY=HRKU-AA<[A-Za-z0-9_-]{58}>",),
            counter_examples=("HRKU-AA<[A-Za-z0-9_-]{20}>",),
            public_prefix="HRKU-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="heroku-api-key",
            label="Heroku API key",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near("heroku", f"(?i:{UUID})"),
            examples=("HEROKU_API_KEY: <[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("HEROKU_API_KEY: <[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{8}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
