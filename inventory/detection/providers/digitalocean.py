"""Credentials that DigitalOcean issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="digitalocean",
    label="DigitalOcean",
    opens="Creates, reads and destroys droplets, databases, domains and volumes of the team that issued it.",
    revoke=(
        "cloud.digitalocean.com > API > Tokens > the token > Delete; an OAuth token under Applications > Revoke, or "
        "POST https://cloud.digitalocean.com/v1/oauth/revoke."
    ),
    rotate="Generate a second token with the same scopes, deploy it, then delete the first.",
    documentation="https://docs.digitalocean.com/reference/api/create-personal-access-token/",
    formats=(
        Format(
            slug="digitalocean-pat",
            label="DigitalOcean personal access token",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\bdop_v1_[a-f0-9]{64}\b",
            examples=('token = "dop_v1_<[a-f0-9]{64}>"',),
            counter_examples=("dop_v1_<[a-f0-9]{60}>", "dop_v1_<[a-f0-9]{66}>"),
            public_prefix="dop_v1_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="digitalocean-oauth-token",
            label="DigitalOcean OAuth access token",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\bdoo_v1_[a-f0-9]{64}\b",
            examples=("Authorization: Bearer doo_v1_<[a-f0-9]{64}>",),
            counter_examples=("doo_v1_<[a-f0-9]{32}>",),
            public_prefix="doo_v1_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="digitalocean-refresh-token",
            label="DigitalOcean OAuth refresh token",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\bdor_v1_[a-f0-9]{64}\b",
            examples=('"refresh_token": "dor_v1_<[a-f0-9]{64}>"',),
            counter_examples=("dor_v2_<[a-f0-9]{64}>",),
            public_prefix="dor_v1_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="digitalocean-spaces-secret",
            label="DigitalOcean Spaces secret key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=near(
                "(?:digitalocean|spaces|do_spaces)",
                "[A-Za-z0-9+/]{43}",
                called="secret(?:[_ -]?(?:access|key))?",
                beside="A-Za-z0-9+/=",
            ),
            examples=("SPACES_SECRET_KEY=<[A-Za-z0-9+/]{43}>",),
            counter_examples=("SPACES_SECRET_KEY=<[A-Za-z0-9+/]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
        ),
    ),
)
