"""Credentials that Postman issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="postman",
    label="Postman",
    opens=(
        "Reads and changes the workspaces, environments and collections of its person, with the secrets saved in them."
    ),
    revoke="go.postman.co/settings/me/api-keys > the key > Delete; collection keys in the same place.",
    rotate="Generate a second API key, deploy it, then delete the first.",
    documentation="https://learning.postman.com/docs/developer/postman-api/authentication/",
    formats=(
        Format(
            slug="postman-api-key",
            label="Postman API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bPMAK-[a-f0-9]{24}-[a-f0-9]{34}\b",
            examples=("X-Api-Key: PMAK-<[a-f0-9]{24}>-<[a-f0-9]{34}>",),
            counter_examples=("PMAK-<[a-f0-9]{24}>-<[a-f0-9]{20}>", "PMAK-<[x]{24}>-<[x]{34}>"),
            public_prefix="PMAK-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="postman-collection-key",
            label="Postman collection access key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bPMAT-[A-Z0-9]{26}\b",
            examples=("PMAT-<[A-Z0-9]{26}>",),
            counter_examples=("PMAT-<[A-Z0-9]{20}>",),
            public_prefix="PMAT-",
            min_entropy=3.0,
        ),
    ),
)
