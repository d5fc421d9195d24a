"""Credentials that Geoapify issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="geoapify",
    label="Geoapify",
    opens="Calls maps and geocoding at the project's cost.",
    revoke="myprojects.geoapify.com > the project > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://apidocs.geoapify.com/",
    formats=(
        Format(
            slug="geoapify-api-key",
            label="Geoapify API key",
            kind=CredentialKind.API_KEY,
            pattern=near("geoapify", "[a-z0-9]{32}"),
            examples=("GEOAPIFY_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("GEOAPIFY_API_KEY=<[a-f0-9]{27}>", "GEOAPIFY_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
