"""Credentials that Sentry issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="sentry",
    label="Sentry",
    opens=(
        "Reads issues with the personal data in them and manages projects, as the token's scopes allow; a DSN only "
        "sends events."
    ),
    revoke=(
        "sentry.io > User settings > Personal tokens > Revoke; organisation tokens under Settings > Organization "
        "tokens; DSN keys under Project settings > Client keys > Disable."
    ),
    rotate="Create a second token with the same scopes, deploy it, then revoke the first.",
    documentation="https://docs.sentry.io/account/auth-tokens/",
    formats=(
        Format(
            slug="sentry-user-token",
            label="Sentry user auth token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bsntryu_[a-f0-9]{64}\b",
            examples=("SENTRY_AUTH_TOKEN=sntryu_<[a-f0-9]{64}>",),
            counter_examples=("sntryu_<[a-f0-9]{40}>", "sntryu_<[x]{64}>"),
            public_prefix="sntryu_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="sentry-organisation-token",
            label="Sentry organisation auth token",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>sntrys_eyJ[A-Za-z0-9+/=_-]{80,400}_[A-Za-z0-9+/]{43})(?:[^A-Za-z0-9+/=]|$)",
            examples=("sntrys_eyJ<[A-Za-z0-9]{150}>_<[A-Za-z0-9+/]{43}>",),
            counter_examples=("sntrys_eyJ<[A-Za-z0-9]{20}>",),
            public_prefix="sntrys_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="sentry-legacy-token",
            label="Sentry auth token, older form",
            kind=CredentialKind.API_KEY,
            pattern=near("sentry", "[a-f0-9]{64}"),
            examples=("SENTRY_AUTH_TOKEN=<[a-f0-9]{64}>",),
            counter_examples=("SENTRY_AUTH_TOKEN=<[a-f0-9]{60}>", "sentry: <[a-f0-9]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="sentry-dsn",
            label="Sentry DSN",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"\bhttps://(?P<value>[a-f0-9]{32})(?::[a-f0-9]{32})?@(?:o[0-9]{1,20}\.ingest\.(?:[a-z]{2}"
                r"\.)?)?sentry\.io/[0-9]{1,20}\b"
            ),
            examples=("https://<[a-f0-9]{32}>@o<[0-9]{6}>.ingest.sentry.io/<[0-9]{7}>",),
            counter_examples=("https://<[a-f0-9]{20}>@sentry.io/<[0-9]{7}>",),
            min_entropy=3.0,
            public_by_design=True,
        ),
    ),
)
