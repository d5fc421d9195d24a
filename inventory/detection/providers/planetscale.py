"""Credentials that PlanetScale issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="planetscale",
    label="PlanetScale",
    opens="A password opens one branch of a database, a service token manages databases of the organisation.",
    revoke=(
        "app.planetscale.com > the database > Settings > Passwords > Delete; service tokens under the "
        "organisation's Settings > Service tokens; or `pscale password delete`."
    ),
    rotate="Create a second password for the branch, deploy it, then delete the first.",
    documentation="https://planetscale.com/docs/concepts/connection-strings",
    formats=(
        Format(
            slug="planetscale-password",
            label="PlanetScale database password",
            kind=CredentialKind.DATABASE_PASSWORD,
            pattern=r"\b(?P<value>pscale_pw_[A-Za-z0-9_.=-]{32,64})(?:[^\w-]|$)",
            examples=("DATABASE_PASSWORD=pscale_pw_<[A-Za-z0-9_-]{43}>",),
            counter_examples=("pscale_pw_<[A-Za-z0-9_-]{20}>",),
            public_prefix="pscale_pw_",
            min_entropy=3.0,
        ),
        Format(
            slug="planetscale-service-token",
            label="PlanetScale service token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>pscale_tkn_[A-Za-z0-9_.=-]{32,64})(?:[^\w-]|$)",
            examples=("pscale_tkn_<[A-Za-z0-9_-]{43}>",),
            counter_examples=("pscale_tkn_<[A-Za-z0-9_-]{20}>",),
            public_prefix="pscale_tkn_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="planetscale-oauth-token",
            label="PlanetScale OAuth token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>pscale_oauth_[A-Za-z0-9_.=-]{32,64})(?:[^\w-]|$)",
            examples=("pscale_oauth_<[A-Za-z0-9_-]{43}>",),
            counter_examples=("pscale_oauth_<[A-Za-z0-9_-]{20}>",),
            public_prefix="pscale_oauth_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
