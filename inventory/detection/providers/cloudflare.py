"""Credentials that Cloudflare issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="cloudflare",
    label="Cloudflare",
    opens=(
        "Changes DNS, firewall, Workers and cache of the zones and accounts that the token covers; the global key "
        "reaches the whole account."
    ),
    revoke=(
        "dash.cloudflare.com > My profile > API tokens > the token > Roll or Delete; the Global API Key under the "
        "same page > Change."
    ),
    rotate=(
        "Create a second token with the same permissions, deploy it, check its last use, then delete the old one; "
        "replace global keys by scoped tokens."
    ),
    documentation="https://developers.cloudflare.com/fundamentals/api/get-started/create-token/",
    formats=(
        Format(
            slug="cloudflare-api-token",
            label="Cloudflare API token",
            kind=CredentialKind.CLOUD_KEY,
            pattern=near(
                "(?:cloudflare|cf[_-](?:api|dns|account|zone))", "[A-Za-z0-9_-]{40}|[A-Za-z0-9]{37}|[A-Za-z0-9]{42}"
            ),
            examples=("CLOUDFLARE_API_TOKEN=<[A-Za-z0-9_-]{40}>",),
            counter_examples=("CLOUDFLARE_API_TOKEN=<[A-Za-z0-9_-]{30}>", "CLOUDFLARE_API_TOKEN=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
            opens_organisation=True,
        ),
        Format(
            slug="cloudflare-scannable-token",
            label="Cloudflare API token with a prefix",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\bcf(?:k|ut|at)_[A-Za-z0-9]{40}[a-f0-9]{8}\b",
            examples=("cfut_<[A-Za-z0-9]{40}><[a-f0-9]{8}>",),
            counter_examples=("cfut_<[A-Za-z0-9]{30}>",),
            public_prefix="cfut_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="cloudflare-origin-ca-key",
            label="Cloudflare origin CA key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\b(?P<value>v1\.0-[a-f0-9]{24}-[a-f0-9]{146})(?:[^\w-]|$)",
            examples=("X-Auth-User-Service-Key: v1.0-<[a-f0-9]{24}>-<[a-f0-9]{146}>",),
            counter_examples=("v1.0-<[a-f0-9]{24}>-<[a-f0-9]{100}>",),
            public_prefix="v1.0-",
            min_entropy=3.0,
        ),
    ),
)
