"""Credentials that Vercel issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="vercel",
    label="Vercel",
    opens="Deploys and deletes projects and reads their environment variables in the teams that the token reaches.",
    revoke="vercel.com > Account settings > Tokens > Delete; or DELETE /v3/user/tokens/ID of the REST API.",
    rotate="Create a second token with the same scope and an expiry date, deploy it, then delete the first.",
    documentation="https://vercel.com/docs/rest-api#creating-an-access-token",
    formats=(
        Format(
            slug="vercel-token",
            label="Vercel access token with a prefix",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>vc[piark]_[A-Za-z0-9_-]{24,64})(?:[^\w-]|$)",
            examples=("VERCEL_TOKEN=vcp_<[A-Za-z0-9]{56}>",),
            counter_examples=("vcp_<[A-Za-z0-9]{12}>",),
            public_prefix="vcp_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="vercel-access-token",
            label="Vercel access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near("(?:vercel|zeit)", "[A-Za-z0-9]{24}"),
            examples=("VERCEL_TOKEN=<[A-Za-z0-9]{24}>",),
            counter_examples=("VERCEL_TOKEN=<[A-Za-z0-9]{20}>", "VERCEL_TOKEN=<[x]{24}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
