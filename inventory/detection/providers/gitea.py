"""Credentials that Gitea and Forgejo issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="gitea",
    label="Gitea and Forgejo",
    opens="Acts on a Gitea or Forgejo server as the person who made it, within the scopes of the token.",
    revoke=(
        "The server > Settings > Applications > Manage access tokens > Delete; or DELETE "
        "/api/v1/users/USER/tokens/ID with the person's password."
    ),
    rotate="Generate a second token with the same scopes, deploy it, then delete the first.",
    documentation="https://docs.gitea.com/development/api-usage",
    formats=(
        Format(
            slug="gitea-access-token",
            label="Gitea access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near("(?:gitea|forgejo|codeberg|gogs)", "[a-f0-9]{40}"),
            examples=("GITEA_TOKEN=<[a-f0-9]{40}>",),
            counter_examples=("GITEA_TOKEN=<[a-f0-9]{30}>", "gitea: <[a-f0-9]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
