"""Credentials that Logz.io issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="logz-io",
    label="Logz.io",
    opens="Sends logs (shipping token) or reads them and changes the account (API token).",
    revoke="app.logz.io > Settings > Manage tokens > Delete.",
    rotate="Create a second token, deploy it, then delete the first.",
    documentation="https://docs.logz.io/docs/user-guide/admin/authentication-tokens/",
    formats=(
        Format(
            slug="logz-io-token",
            label="Logz.io token",
            kind=CredentialKind.API_KEY,
            pattern=near("logz(?:[_.]?io)?", "[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}|[A-Za-z]{32}"),
            examples=("LOGZIO_TOKEN=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("LOGZIO_TOKEN=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
