"""Credentials that Dependency-Track issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="dependency-track",
    label="Dependency-Track",
    opens="Uploads bills of materials and reads findings as the team that owns the key.",
    revoke="Dependency-Track > Administration > Access management > Teams > the team > API keys > Delete.",
    rotate="Generate a second key for the team, deploy it, then delete the first.",
    documentation="https://docs.dependencytrack.org/integrations/rest-api/",
    formats=(
        Format(
            slug="dependency-track-api-key",
            label="Dependency-Track API key",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bodt_(?:[A-Za-z0-9]{32}|[A-Za-z0-9]{8}_[A-Za-z0-9]{32}|[A-Za-z0-9]{36}|[A-Za-z0-9]{40})\b",
            examples=("X-Api-Key: odt_<[A-Za-z0-9]{32}>",),
            counter_examples=("odt_<[A-Za-z0-9]{20}>", "odt_<[x]{32}>"),
            public_prefix="odt_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
