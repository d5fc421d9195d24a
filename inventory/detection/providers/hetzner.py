"""Credentials that Hetzner Cloud issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="hetzner",
    label="Hetzner Cloud",
    opens="Creates, reads and deletes all servers, volumes and networks of one Hetzner Cloud project.",
    revoke="console.hetzner.cloud > the project > Security > API tokens > Delete.",
    rotate="Generate a second token in the same project, deploy it, then delete the first.",
    documentation="https://docs.hetzner.com/cloud/api/getting-started/generating-api-token/",
    formats=(
        Format(
            slug="hetzner-api-token",
            label="Hetzner Cloud API token",
            kind=CredentialKind.CLOUD_KEY,
            pattern=near("(?:hcloud|hetzner)", "[A-Za-z0-9]{64}"),
            examples=("HCLOUD_TOKEN=<[A-Za-z0-9]{64}>",),
            counter_examples=("HCLOUD_TOKEN=<[A-Za-z0-9]{60}>", "HCLOUD_TOKEN=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
