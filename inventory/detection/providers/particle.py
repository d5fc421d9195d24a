"""Credentials that Particle issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="particle",
    label="Particle",
    opens="Controls the devices of the account and reads what they send.",
    revoke=(
        "DELETE https://api.particle.io/v1/access_tokens/TOKEN, or console.particle.io > the account > Sign out "
        "everywhere."
    ),
    rotate="Create a second access token (POST /oauth/token) or API user, deploy it, then delete the first.",
    documentation="https://docs.particle.io/reference/cloud-apis/access-tokens/",
    formats=(
        Format(
            slug="particle-access-token",
            label="Particle access token",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?:api\.particle\.io/v1/[\w/?=&.-]{0,80}[\s\S]{0,60}?(?:Bearer\s|access_token=)|(?i:particle)"
                r"[\w .-]{0,24}(?i:token)[\s\"':=>,(]{1,6})"
                r"(?P<value>[a-f0-9]{40})(?:[^\w-]|$)"
            ),
            examples=("curl https://api.particle.io/v1/devices -d access_token=<[a-f0-9]{40}>",),
            counter_examples=("curl https://api.particle.io/v1/devices -d access_token=<[a-f0-9]{20}>",),
            min_entropy=3.0,
        ),
        Format(
            slug="particle-token-before-address",
            label="Particle access token before the address",
            kind=CredentialKind.API_KEY,
            pattern=r"(?:Bearer\s|access_token=)(?P<value>[a-f0-9]{40})[\"']?[\s\\]{1,8}[\"']?https://api\.particle\.io",
            examples=("curl -d access_token=<[a-f0-9]{40}> https://api.particle.io/v1/devices",),
            counter_examples=("curl -d access_token=<[a-f0-9]{20}> https://api.particle.io/v1/devices",),
            min_entropy=3.0,
        ),
    ),
)
