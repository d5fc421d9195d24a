"""Credentials that Netlify issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="netlify",
    label="Netlify",
    opens="Deploys sites and reads their environment variables in every team that the person who made it belongs to.",
    revoke="app.netlify.com > User settings > Applications > Personal access tokens > Delete.",
    rotate="Create a second personal access token with an expiry date, deploy it, then delete the first.",
    documentation="https://docs.netlify.com/api/get-started/",
    formats=(
        Format(
            slug="netlify-pat",
            label="Netlify personal access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bnfp_[A-Za-z0-9]{36}\b",
            examples=("NETLIFY_AUTH_TOKEN=nfp_<[A-Za-z0-9]{36}>",),
            counter_examples=("nfp_<[A-Za-z0-9]{20}>", "nfp_<[x]{36}>"),
            public_prefix="nfp_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="netlify-legacy-token",
            label="Netlify access token, older form",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near("netlify", "[A-Za-z0-9_-]{43,46}|[a-f0-9]{63,64}"),
            examples=("NETLIFY_AUTH_TOKEN=<[A-Za-z0-9_-]{43}>",),
            counter_examples=("NETLIFY_AUTH_TOKEN=<[A-Za-z0-9_-]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
            opens_organisation=True,
        ),
    ),
)
