"""Credentials that Fly.io issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="flyio",
    label="Fly.io",
    opens="Deploys, opens a shell in and reads the secrets of the apps or the organisation that the token names.",
    revoke="fly.io dashboard > Tokens > Revoke, or `fly tokens revoke ID` after `fly tokens list`.",
    rotate="Create a new deploy token (`fly tokens create deploy`), put it in the pipeline, then revoke the old one.",
    documentation="https://fly.io/docs/security/tokens/",
    formats=(
        Format(
            slug="flyio-access-token",
            label="Fly.io access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>(?:FlyV1 )?fm[12][ar]?_[A-Za-z0-9+/_=-]{80,1200})(?:[^\w+/=-]|$)",
            examples=("FLY_API_TOKEN=fm2_<[A-Za-z0-9+/]{150}>",),
            counter_examples=("fm2_<[A-Za-z0-9+/]{30}>",),
            public_prefix="fm2_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="flyio-personal-token",
            label="Fly.io personal token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>fo1_[A-Za-z0-9_-]{43})(?:[^\w-]|$)",
            examples=("FLY_API_TOKEN=fo1_<[A-Za-z0-9_-]{43}>",),
            counter_examples=("fo1_<[A-Za-z0-9_-]{20}>",),
            public_prefix="fo1_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
