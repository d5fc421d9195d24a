"""Credentials that Infisical issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="infisical",
    label="Infisical",
    opens="Reads, and with write access changes, the secrets of the project and environment that the token names.",
    revoke=(
        "app.infisical.com > the project > Access control > Service tokens > Delete; machine identities under the "
        "organisation > Access control > Identities."
    ),
    rotate=(
        "Add a second client secret to the machine identity, deploy it, then revoke the first; service tokens are "
        "deprecated."
    ),
    documentation="https://infisical.com/docs/documentation/platform/identities/machine-identities",
    formats=(
        Format(
            slug="infisical-service-token",
            label="Infisical service token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=(
                r"\bst\.[a-f0-9]{24}\.[a-f0-9]{32}\.[a-f0-9]{32}\b|\bst\.[a-f0-9-]{36}\.[a-f0-9]{32}\.[a-f0-9]{32}"
                r"\b"
            ),
            examples=("INFISICAL_TOKEN=st.<[a-f0-9]{24}>.<[a-f0-9]{32}>.<[a-f0-9]{32}>",),
            counter_examples=("st.<[a-f0-9]{24}>.<[a-f0-9]{10}>",),
            public_prefix="st.",
            min_entropy=3.0,
        ),
    ),
)
