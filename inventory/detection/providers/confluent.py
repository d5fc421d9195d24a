"""Credentials that Confluent Cloud issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="confluent",
    label="Confluent Cloud",
    opens="Produces to and consumes from Kafka topics, or manages the whole organisation with a cloud key.",
    revoke="confluent.cloud > API keys > Delete; or `confluent api-key delete KEY`.",
    rotate="Create a second API key for the same service account, deploy it to clients, then delete the first.",
    documentation="https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html",
    formats=(
        Format(
            slug="confluent-secret",
            label="Confluent Cloud API secret",
            kind=CredentialKind.CLOUD_KEY,
            pattern=near(r"(?:confluent|kafka|\bccloud)", "(?:cflt)?[A-Za-z0-9+/]{60,66}", beside="A-Za-z0-9+/="),
            examples=("CONFLUENT_API_SECRET=<[A-Za-z0-9+/]{64}>",),
            counter_examples=("CONFLUENT_API_SECRET=<[A-Za-z0-9+/]{40}>", "CONFLUENT_API_SECRET=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
