"""Credentials that Mapbox issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="mapbox",
    label="Mapbox",
    opens=(
        "A secret token uploads and changes map data and lists tokens; a public token loads maps at the account's cost."
    ),
    revoke="console.mapbox.com > Access tokens > Delete; or DELETE /tokens/v2/USER/TOKEN_ID.",
    rotate="Create a second token with the same scopes and URL restrictions, deploy it, then delete the first.",
    documentation="https://docs.mapbox.com/help/getting-started/access-tokens/",
    formats=(
        Format(
            slug="mapbox-secret-token",
            label="Mapbox secret token",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>sk\.eyJ1[A-Za-z0-9_-]{30,120}\.[A-Za-z0-9_-]{20,24})(?:[^\w-]|$)",
            examples=("MAPBOX_SECRET=sk.eyJ1<[A-Za-z0-9_-]{60}>.<[A-Za-z0-9_-]{22}>",),
            counter_examples=("sk.eyJ1<[A-Za-z0-9_-]{10}>.<[A-Za-z0-9_-]{22}>",),
            public_prefix="sk.",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="mapbox-temporary-token",
            label="Mapbox temporary token",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>tk\.eyJ1[A-Za-z0-9_-]{30,160}\.[A-Za-z0-9_-]{20,24})(?:[^\w-]|$)",
            examples=("tk.eyJ1<[A-Za-z0-9_-]{60}>.<[A-Za-z0-9_-]{22}>",),
            counter_examples=("tk.eyJ1<[A-Za-z0-9_-]{10}>.<[A-Za-z0-9_-]{22}>",),
            confidence=Confidence.MEDIUM,
            public_prefix="tk.",
            min_entropy=3.0,
        ),
        Format(
            slug="mapbox-public-token",
            label="Mapbox public token",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>pk\.eyJ1[A-Za-z0-9_-]{30,120}\.[A-Za-z0-9_-]{20,24})(?:[^\w-]|$)",
            examples=("pk.eyJ1<[A-Za-z0-9_-]{60}>.<[A-Za-z0-9_-]{22}>",),
            counter_examples=("pk.eyJ1<[A-Za-z0-9_-]{10}>.<[A-Za-z0-9_-]{22}>",),
            public_prefix="pk.",
            min_entropy=3.0,
            public_by_design=True,
        ),
    ),
)
