"""Credentials that packagecloud issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="packagecloud",
    label="packagecloud",
    opens="Pushes, reads and deletes packages of the account; a read token only installs.",
    revoke="packagecloud.io > API token > Regenerate; repository tokens under the repository > Tokens > Destroy.",
    rotate=(
        "Make a separate read or master token for each use, deploy it, then destroy the old one; the account token "
        "itself has no overlap."
    ),
    documentation="https://packagecloud.io/docs",
    formats=(
        Format(
            slug="packagecloud-api-token",
            label="packagecloud API token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near("packagecloud", "[a-f0-9]{48}"),
            examples=("PACKAGECLOUD_TOKEN=<[a-f0-9]{48}>",),
            counter_examples=("PACKAGECLOUD_TOKEN=<[a-f0-9]{40}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
