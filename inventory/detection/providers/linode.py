"""Credentials that Linode (Akamai Cloud) issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="linode",
    label="Linode (Akamai Cloud)",
    opens="Creates, reads and deletes instances, volumes and domains within the scopes of the token.",
    revoke="cloud.linode.com > Profile > API tokens > Revoke; or DELETE https://api.linode.com/v4/profile/tokens/ID.",
    rotate=(
        "Create a second personal access token with the same scopes and an expiry, deploy it, then revoke the first."
    ),
    documentation="https://techdocs.akamai.com/cloud-computing/docs/manage-personal-access-tokens",
    formats=(
        Format(
            slug="linode-pat",
            label="Linode personal access token",
            kind=CredentialKind.CLOUD_KEY,
            pattern=near("(?:linode|akamai)", "[a-f0-9]{64}"),
            examples=("LINODE_TOKEN=<[a-f0-9]{64}>",),
            counter_examples=("LINODE_TOKEN=<[a-f0-9]{60}>", "LINODE_TOKEN=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
