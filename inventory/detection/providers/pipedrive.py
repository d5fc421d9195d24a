"""Credentials that Pipedrive issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="pipedrive",
    label="Pipedrive",
    opens="Reads and changes deals and persons as the user.",
    revoke="app.pipedrive.com > Personal preferences > API > Regenerate.",
    rotate="There is one API token for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://pipedrive.readme.io/docs/core-api-concepts-authentication",
    formats=(
        Format(
            slug="pipedrive-api-token",
            label="Pipedrive API token",
            kind=CredentialKind.API_KEY,
            pattern=near("pipedrive", "[a-z0-9]{40}"),
            examples=("PIPEDRIVE_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("PIPEDRIVE_API_KEY=<[a-f0-9]{35}>", "PIPEDRIVE_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
