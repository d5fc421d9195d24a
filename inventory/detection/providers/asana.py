"""Credentials that Asana issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="asana",
    label="Asana",
    opens="Reads and changes tasks and projects as the person or app that owns the token.",
    revoke=(
        "app.asana.com/0/my-apps > Personal access tokens > Revoke; OAuth apps with POST /-/oauth_revoke; service "
        "accounts in the Admin Console."
    ),
    rotate="Create a second personal access token, deploy it, then revoke the first.",
    documentation="https://developers.asana.com/docs/personal-access-token",
    formats=(
        Format(
            slug="asana-pat",
            label="Asana personal access token",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:asana)[\w .-]{0,30}[\s\"':=>,(]{1,8}"
                r"(?P<value>[0-2]/(?:[0-9a]{1,17}[:/]){0,4}[A-Za-z0-9]{32,45}(?::[a-f0-9]{32})?)(?:[^\w-]|$)"
            ),
            examples=("ASANA_PAT=1/<[0-9]{16}>:<[a-f0-9]{32}>", "ASANA_PAT=2/<[0-9]{16}>/<[0-9]{16}>:<[a-f0-9]{32}>"),
            counter_examples=("ASANA_PAT=1/<[0-9]{16}>:<[a-f0-9]{20}>",),
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="asana-client-secret",
            label="Asana OAuth client secret or token",
            kind=CredentialKind.API_KEY,
            pattern=near("asana", "[a-f0-9]{32,34}|[A-Za-z0-9]{35}"),
            examples=("ASANA_CLIENT_SECRET=<[a-f0-9]{32}>",),
            counter_examples=("ASANA_CLIENT_SECRET=<[a-f0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
        Format(
            slug="asana-client-id",
            label="Asana client id",
            kind=CredentialKind.API_KEY,
            pattern=near("asana", "[0-9]{16}"),
            examples=("ASANA_CLIENT_ID_KEY=<[0-9]{16}>",),
            counter_examples=("ASANA_KEY=<[0-9]{8}>",),
            confidence=Confidence.LOW,
            min_entropy=1.8,
            public_by_design=True,
        ),
    ),
)
