"""Credentials that Gumroad issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="gumroad",
    label="Gumroad",
    opens="Reads sales and changes products of the account.",
    revoke="gumroad.com > Settings > Advanced > Applications > the application > Delete.",
    rotate="Create a second access token, deploy it, then delete the first.",
    documentation="https://gumroad.com/api",
    formats=(
        Format(
            slug="gumroad-access-token",
            label="Gumroad access token",
            kind=CredentialKind.API_KEY,
            pattern=near("gumroad", "[A-Za-z0-9_-]{43}"),
            examples=("GUMROAD_API_KEY=<[A-Za-z0-9]{43}>",),
            counter_examples=("GUMROAD_API_KEY=<[A-Za-z0-9]{38}>", "GUMROAD_API_KEY=<[x]{43}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
