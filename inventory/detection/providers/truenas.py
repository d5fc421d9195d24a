"""Credentials that TrueNAS issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="truenas",
    label="TrueNAS",
    opens="Administers the storage server through its API, as the user of the key.",
    revoke="TrueNAS > the user > My API keys > Delete; or the api_key.delete call.",
    rotate="Add a second API key, deploy it, then delete the first.",
    documentation="https://www.truenas.com/docs/scale/toptoolbar/settings/apikeysscreen/",
    formats=(
        Format(
            slug="truenas-api-key",
            label="TrueNAS API key",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"(?:[\"'\[\s]|Bearer\s)(?P<value>[0-9]{1,4}-[A-Za-z0-9]{64})(?:[^\w-]|$)",
            examples=('"method": "auth.login_with_api_key", "params": ["3-<[A-Za-z0-9]{64}>"]',),
            counter_examples=("3-<[A-Za-z0-9]{40}>",),
            min_entropy=3.7,
            opens_organisation=True,
        ),
    ),
)
