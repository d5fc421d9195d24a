"""Credentials that Blynk issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="blynk",
    label="Blynk",
    opens="Reads and drives the device (device token) or the whole organisation (access token, client secret).",
    revoke=(
        "blynk.cloud > Developer zone > OAuth 2.0 > the client > Revoke; a device's token under the device > Device "
        "info > regenerate."
    ),
    rotate=(
        "Add a second OAuth client, deploy it, then remove the first; a device takes its new token when provisioned "
        "again."
    ),
    documentation="https://docs.blynk.io/en/blynk.cloud/platform-api",
    formats=(
        Format(
            slug="blynk-device-token",
            label="Blynk device token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bblynk\.cloud/external/api/[\w/]{1,60}\?token=(?P<value>[A-Za-z0-9_-]{32})(?:[^\w-]|$)",
            examples=("https://fra1.blynk.cloud/external/api/get?token=<[A-Za-z0-9_-]{32}>&V1",),
            counter_examples=("https://blynk.cloud/external/api/get?token=<[A-Za-z0-9_-]{12}>&V1",),
            min_entropy=3.0,
        ),
        Format(
            slug="blynk-organisation-token",
            label="Blynk organisation access token",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"blynk\.cloud/api/[\w/?=&-]{1,80}[\s\\]{1,8}-H\s{1,3}[\"']Authorization:\s{1,3}Bearer\s{1,3}"
                r"(?P<value>[A-Za-z0-9_-]{40})[\"']"
            ),
            examples=(
                (
                    'curl https://fra1.blynk.cloud/api/organization/profile -H "Authorization: Bearer <[A-Za-z0'
                    '-9_-]{40}>"'
                ),
            ),
            counter_examples=(
                (
                    'curl https://fra1.blynk.cloud/api/organization/profile -H "Authorization: Bearer <[A-Za-z0'
                    '-9_-]{10}>"'
                ),
            ),
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="blynk-organisation-token-first",
            label="Blynk organisation access token before the address",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"Authorization:\s{1,3}Bearer\s{1,3}"
                r"(?P<value>[A-Za-z0-9_-]{40})[\"'][\s\\]{1,8}https://[a-z0-9.]{0,12}blynk\.cloud/"
            ),
            examples=('-H "Authorization: Bearer <[A-Za-z0-9_-]{40}>" https://fra1.blynk.cloud/api/x',),
            counter_examples=('-H "Authorization: Bearer <[A-Za-z0-9_-]{10}>" https://fra1.blynk.cloud/api/x',),
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="blynk-client-secret",
            label="Blynk OAuth client secret",
            kind=CredentialKind.API_KEY,
            pattern=r"\boa2-client-id_[A-Za-z0-9_-]{32}(?::|&client_secret=)(?P<value>[A-Za-z0-9_-]{40})(?:[^\w-]|$)",
            examples=("-u oa2-client-id_<[A-Za-z0-9_-]{32}>:<[A-Za-z0-9_-]{40}>",),
            counter_examples=("-u oa2-client-id_<[A-Za-z0-9_-]{32}>:<[A-Za-z0-9_-]{10}>",),
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
