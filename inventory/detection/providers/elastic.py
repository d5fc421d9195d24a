"""Credentials that Elastic issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="elastic",
    label="Elastic",
    opens="Reads and writes indexes as the API key's role; an Elastic Cloud key manages deployments.",
    revoke=(
        "Kibana > Stack Management > API keys > Delete, or DELETE /_security/api_key; Elastic Cloud: "
        "cloud.elastic.co > Organization > API keys > Revoke."
    ),
    rotate=(
        "Create a second API key with the same role descriptors and an expiry, deploy it, then invalidate the first."
    ),
    documentation="https://www.elastic.co/docs/deploy-manage/api-keys",
    formats=(
        Format(
            slug="elastic-cloud-key",
            label="Elastic Cloud API key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\b(?P<value>essu_[A-Za-z0-9+/]{60,140}={0,2})(?:[^\w+/=]|$)",
            examples=("EC_API_KEY=essu_<[A-Za-z0-9+/]{88}>",),
            counter_examples=("essu_<[A-Za-z0-9+/]{20}>",),
            public_prefix="essu_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="elastic-api-key",
            label="Elasticsearch API key",
            kind=CredentialKind.DATABASE_PASSWORD,
            pattern=(
                r"(?i:elastic(?:search)?[\w .-]{0,24}(?:api_?key|token)|authorization[\"']?\s{0,2}:\s{0,2}"
                r"[\"']?apikey)[\s\"':=>,(]{1,6}(?P<value>[A-Za-z0-9+/]{56,80}={0,2})(?:[^\w+/=]|$)"
            ),
            examples=("Authorization: ApiKey <[A-Za-z0-9+/]{58}>==",),
            counter_examples=("Authorization: ApiKey <[A-Za-z0-9+/]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.7,
        ),
    ),
)
