"""Credentials that Linear issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="linear",
    label="Linear",
    opens="Reads and changes issues of the workspace as its member; an OAuth token within its scopes.",
    revoke=(
        "linear.app > Settings > Security & access > Personal API keys > Revoke; administrators under Settings > "
        "API > Member API keys."
    ),
    rotate="Create a second key with the same permissions, deploy it, then revoke the first.",
    documentation="https://linear.app/developers/graphql",
    formats=(
        Format(
            slug="linear-api-key",
            label="Linear API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\blin_api_[A-Za-z0-9]{40}\b",
            examples=("LINEAR_API_KEY=lin_api_<[A-Za-z0-9]{40}>",),
            counter_examples=("lin_api_<[A-Za-z0-9]{20}>", "lin_api_<[x]{40}>"),
            public_prefix="lin_api_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="linear-oauth-token",
            label="Linear OAuth access token",
            kind=CredentialKind.API_KEY,
            pattern=r"\blin_oauth_[a-f0-9]{64}\b",
            examples=("lin_oauth_<[a-f0-9]{64}>",),
            counter_examples=("lin_oauth_<[a-f0-9]{20}>",),
            public_prefix="lin_oauth_",
            min_entropy=3.0,
        ),
        Format(
            slug="linear-webhook-secret",
            label="Linear webhook signing secret",
            kind=CredentialKind.SIGNED_TOKEN,
            pattern=r"\blin_wh_[A-Za-z0-9]{20,64}\b",
            examples=("lin_wh_<[A-Za-z0-9]{40}>",),
            counter_examples=("lin_wh_<[A-Za-z0-9]{10}>",),
            public_prefix="lin_wh_",
            min_entropy=3.0,
        ),
    ),
)
