"""Credentials that Figma issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="figma",
    label="Figma",
    opens="Reads the files and comments that its person may see, within the token's scopes.",
    revoke="figma.com > Settings > Security > Personal access tokens > Delete.",
    rotate="Generate a second token with the same scopes and an expiry, deploy it, then delete the first.",
    documentation="https://developers.figma.com/docs/rest-api/authentication/",
    formats=(
        Format(
            slug="figma-pat",
            label="Figma personal access token",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>fig[dou][rh]?_[A-Za-z0-9_-]{40,60})(?:[^\w-]|$)",
            examples=("FIGMA_TOKEN=figd_<[A-Za-z0-9_-]{40}>",),
            counter_examples=("figd_<[A-Za-z0-9_-]{20}>", "figd_<[x]{40}>"),
            public_prefix="figd_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="figma-legacy-token",
            label="Figma access token, older form",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:figma)[\w .-]{0,24}[\s\"':=>,(]{1,6}"
                r"(?P<value>[0-9]{4,8}-(?:[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}))(?:[^\w-]|$)"
            ),
            examples=(
                ("X-Figma-Token: <[0-9]{5}>-<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>"),
            ),
            counter_examples=("X-Figma-Token: <[0-9]{5}>-<[a-f0-9]{8}>",),
            min_entropy=3.0,
        ),
    ),
)
