"""Credentials that Google Cloud issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="google-cloud",
    label="Google Cloud",
    opens=(
        "Acts as the service account, OAuth client or API project that it was issued for: with a service account "
        "key, every resource that its roles reach."
    ),
    revoke=(
        "Google Cloud console > IAM & Admin > Service accounts > the account > Keys > Delete, or `gcloud iam "
        "service-accounts keys delete KEY_ID --iam-account EMAIL`; API keys and OAuth clients under APIs & Services "
        "> Credentials."
    ),
    rotate=(
        "Create a second key for the same account or client, deploy it, check the last-used metric of the old one, "
        "disable it (`gcloud iam service-accounts keys disable`) for a day, then delete it; better, move to "
        "workload identity federation."
    ),
    documentation="https://cloud.google.com/iam/docs/keys-create-delete",
    formats=(
        Format(
            slug="google-cloud-service-account",
            label="Google Cloud service account key id",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\"private_key_id\"\s{0,4}:\s{0,4}\"(?P<value>[a-f0-9]{40})\"",
            examples=('"type": "service_account", "private_key_id": "<[a-f0-9]{40}>"',),
            counter_examples=('"private_key_id": "<[a-f0-9]{38}>"', '"private_key_id": "<[x]{40}>"'),
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="google-cloud-api-key",
            label="Google API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>AIza[A-Za-z0-9_-]{35})(?:[^\w-]|$)",
            examples=("AIza<[A-Za-z0-9_-]{35}>", "key: 'AIza<[A-Za-z0-9_-]{35}>'"),
            counter_examples=("AIza<[A-Za-z0-9_-]{30}>", "AIza<[A-Za-z0-9_-]{39}>", "AIza<[x]{35}>"),
            public_prefix="AIza",
            min_entropy=3.0,
        ),
        Format(
            slug="google-cloud-oauth-client-secret",
            label="Google OAuth client secret",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>GOCSPX-[A-Za-z0-9_-]{28})(?:[^\w-]|$)",
            examples=('client_secret = "GOCSPX-<[A-Za-z0-9_-]{28}>"',),
            counter_examples=("GOCSPX-<[A-Za-z0-9_-]{20}>", "GOCSPX-<[x]{28}>"),
            public_prefix="GOCSPX-",
            min_entropy=3.0,
        ),
        Format(
            slug="google-cloud-oauth-legacy-secret",
            label="Google OAuth client secret, older form",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:googleusercontent\.com[\s\S]{1,120}?client_?secret|google[\w .-]{0,16}client[_.-]?secret)"
                r"[\"']?\s{0,3}[:=]\s{0,3}[\"'](?P<value>[A-Za-z0-9_-]{24})[\"']"
            ),
            examples=('"client_id": "<[0-9]{12}>.apps.googleusercontent.com", "client_secret": "<[A-Za-z0-9_-]{24}>"',),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
        Format(
            slug="google-cloud-oauth-access-token",
            label="Google OAuth access token",
            kind=CredentialKind.SIGNED_TOKEN,
            pattern=r"\b(?P<value>ya29\.[A-Za-z0-9_-]{40,1024})(?:[^\w-]|$)",
            examples=("ya29.<[A-Za-z0-9_-]{120}>",),
            counter_examples=("ya29.<[A-Za-z0-9_-]{12}>",),
            public_prefix="ya29.",
            min_entropy=3.0,
        ),
        Format(
            slug="google-cloud-oauth-refresh-token",
            label="Google OAuth refresh token",
            kind=CredentialKind.SIGNED_TOKEN,
            pattern=r"(?:^|[\s\"'=:])(?P<value>1//0[A-Za-z0-9_-]{40,200})(?:[^\w-]|$)",
            examples=('"refresh_token": "1//0<[A-Za-z0-9_-]{95}>"',),
            counter_examples=("1//0<[A-Za-z0-9_-]{20}>",),
            public_prefix="1//0",
            min_entropy=3.0,
        ),
        Format(
            slug="google-cloud-oauth-client-id",
            label="Google OAuth client id",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?:[0-9]{6,21}-)?[a-z0-9]{20,40}\.apps\.googleusercontent\.com\b",
            examples=("<[0-9]{12}>-<[a-z0-9]{32}>.apps.googleusercontent.com",),
            counter_examples=("<[a-z0-9]{8}>.apps.googleusercontent.com",),
            public_by_design=True,
        ),
        Format(
            slug="google-cloud-storage-hmac-secret",
            label="Google Cloud Storage HMAC secret",
            kind=CredentialKind.CLOUD_KEY,
            pattern=near(
                "(?:gcs|google|storage|hmac)",
                "[A-Za-z0-9+/]{40}",
                called=r"hmac[_ -]?secret|interop[\w ]{0,10}secret",
                beside="A-Za-z0-9+/=",
            ),
            examples=("GCS_HMAC_SECRET=<[A-Za-z0-9+/]{40}>",),
            counter_examples=("GCS_HMAC_SECRET=<[A-Za-z0-9+/]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
        ),
    ),
)
