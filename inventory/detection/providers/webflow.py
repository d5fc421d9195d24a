"""Credentials that Webflow issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="webflow",
    label="Webflow",
    opens="Reads and publishes the site within the token's scopes.",
    revoke="webflow.com > Site settings > Apps & integrations > API access > Delete.",
    rotate="Create a second API token, deploy it, then delete the first.",
    documentation="https://developers.webflow.com/data/reference/authentication/site-token",
    formats=(
        Format(
            slug="webflow-api-token",
            label="Webflow API token",
            kind=CredentialKind.API_KEY,
            pattern=near("webflow", "[a-f0-9]{64}"),
            examples=("WEBFLOW_API_KEY=<[a-f0-9]{64}>",),
            counter_examples=("WEBFLOW_API_KEY=<[a-f0-9]{59}>", "WEBFLOW_API_KEY=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
