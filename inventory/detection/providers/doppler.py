"""Credentials that Doppler issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="doppler",
    label="Doppler",
    opens="Reads, and depending on its kind writes, the secrets of a config, project or whole workplace.",
    revoke=(
        "dashboard.doppler.com > Tokens > Revoke for personal tokens; service tokens under the config > Access > "
        "Revoke; or `doppler configs tokens revoke`."
    ),
    rotate="Create a second service token for the same config, deploy it, then revoke the first.",
    documentation="https://docs.doppler.com/docs/service-tokens",
    formats=(
        Format(
            slug="doppler-personal-token",
            label="Doppler personal token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bdp\.pt\.[A-Za-z0-9]{40,44}\b",
            examples=("dp.pt.<[A-Za-z0-9]{43}>",),
            counter_examples=("dp.pt.<[A-Za-z0-9]{20}>", "dp.pt.<[x]{43}>"),
            public_prefix="dp.pt.",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="doppler-cli-token",
            label="Doppler CLI token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bdp\.ct\.[A-Za-z0-9]{40,44}\b",
            examples=("dp.ct.<[A-Za-z0-9]{43}>",),
            counter_examples=("dp.ct.<[A-Za-z0-9]{20}>",),
            public_prefix="dp.ct.",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="doppler-service-token",
            label="Doppler service token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bdp\.st\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}\b",
            examples=("DOPPLER_TOKEN=dp.st.prd.<[A-Za-z0-9]{43}>",),
            counter_examples=("dp.st.<[A-Za-z0-9]{20}>",),
            public_prefix="dp.st.",
            min_entropy=3.0,
        ),
        Format(
            slug="doppler-service-account-token",
            label="Doppler service account token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bdp\.sa\.[A-Za-z0-9]{40,44}\b",
            examples=("dp.sa.<[A-Za-z0-9]{43}>",),
            counter_examples=("dp.sa.<[A-Za-z0-9]{20}>",),
            public_prefix="dp.sa.",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="doppler-scim-token",
            label="Doppler SCIM token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bdp\.scim\.[A-Za-z0-9]{40,44}\b",
            examples=("dp.scim.<[A-Za-z0-9]{43}>",),
            counter_examples=("dp.scim.<[A-Za-z0-9]{20}>",),
            public_prefix="dp.scim.",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="doppler-audit-token",
            label="Doppler audit token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bdp\.audit\.[A-Za-z0-9]{40,44}\b",
            examples=("dp.audit.<[A-Za-z0-9]{43}>",),
            counter_examples=("dp.audit.<[A-Za-z0-9]{20}>",),
            public_prefix="dp.audit.",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
