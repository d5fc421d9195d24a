"""Credentials that ClickUp issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="clickup",
    label="ClickUp",
    opens="Reads and changes tasks as the person who owns the token.",
    revoke="app.clickup.com > Settings > Apps > API token > Regenerate.",
    rotate="There is one personal token: use a service user, regenerate and deploy at once.",
    documentation="https://developer.clickup.com/docs/authentication",
    formats=(
        Format(
            slug="clickup-api-token",
            label="ClickUp API token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bpk_[0-9]{6,9}_[A-Z0-9]{32}\b",
            examples=("CLICKUP_TOKEN=pk_<[0-9]{8}>_<[A-Z0-9]{32}>",),
            counter_examples=("pk_<[0-9]{8}>_<[A-Z0-9]{20}>",),
            public_prefix="pk_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
