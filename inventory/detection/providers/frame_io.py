"""Credentials that Frame.io issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="frame-io",
    label="Frame.io",
    opens="Reads and changes the projects and media of its person or team.",
    revoke="developer.frame.io > Tokens > Delete.",
    rotate="Create a second token with the same scopes, deploy it, then delete the first.",
    documentation="https://developer.frame.io/docs/getting-started/authentication",
    formats=(
        Format(
            slug="frame-io-developer-token",
            label="Frame.io developer token",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>f?fio-u-[A-Za-z0-9_=-]{62,72})(?:[^\w-]|$)",
            examples=("FRAMEIO_TOKEN=fio-u-<[A-Za-z0-9_-]{64}>",),
            counter_examples=("fio-u-<[A-Za-z0-9_-]{20}>",),
            public_prefix="fio-u-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
