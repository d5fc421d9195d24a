"""Credentials that Datadog issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="datadog",
    label="Datadog",
    opens="An API key sends data; together with an application key it reads and changes monitors, dashboards and logs.",
    revoke=(
        "app.datadoghq.com > Organization settings > API keys (or Application keys) > Revoke; or DELETE "
        "/api/v2/api_keys/ID."
    ),
    rotate="Create a second key, deploy it to agents and senders, then revoke the first.",
    documentation="https://docs.datadoghq.com/account_management/api-app-keys/",
    formats=(
        Format(
            slug="datadog-api-key",
            label="Datadog API key",
            kind=CredentialKind.API_KEY,
            pattern=near(r"(?:datadog|\bdd[_-])", "[a-f0-9]{32}|[A-Za-z0-9]{32}"),
            examples=("DD_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("DD_API_KEY=<[a-f0-9]{30}>", "DD_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="datadog-application-key",
            label="Datadog application key",
            kind=CredentialKind.API_KEY,
            pattern=near(r"(?:datadog|\bdd[_-])", "[A-Za-z0-9]{40}|[a-f0-9]{40}"),
            examples=("DD_APP_KEY=<[a-f0-9]{40}>",),
            counter_examples=("DD_APP_KEY=<[a-f0-9]{38}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="datadog-client-token",
            label="Datadog browser client token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bpub[a-f0-9]{32}\b",
            examples=("clientToken: 'pub<[a-f0-9]{32}>'",),
            counter_examples=("pub<[a-f0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            public_prefix="pub",
            min_entropy=3.0,
            public_by_design=True,
        ),
    ),
)
