"""Credentials that Honeycomb issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="honeycomb",
    label="Honeycomb",
    opens="Sends events; a configuration key also changes queries, boards and triggers of its environment.",
    revoke="ui.honeycomb.io > Environment settings > API keys > Disable or Delete.",
    rotate="Create a second key with the same permissions, deploy it, then disable the first.",
    documentation="https://docs.honeycomb.io/get-started/configure/environments/manage-api-keys/",
    formats=(
        Format(
            slug="honeycomb-ingest-key",
            label="Honeycomb ingest or configuration key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bhc[abi](?:ik|lk|ck|mk)_[a-z0-9]{58,64}\b",
            examples=("hcaik_<[a-z0-9]{58}>",),
            counter_examples=("hcaik_<[a-z0-9]{20}>",),
            public_prefix="hc",
            min_entropy=3.0,
        ),
        Format(
            slug="honeycomb-api-key",
            label="Honeycomb API key",
            kind=CredentialKind.API_KEY,
            pattern=near("honeycomb", "[a-f0-9]{32}|[A-Za-z0-9]{22}"),
            examples=("HONEYCOMB_API_KEY=<[A-Za-z0-9]{22}>",),
            counter_examples=("HONEYCOMB_API_KEY=<[A-Za-z0-9]{16}>", "HONEYCOMB_API_KEY=<[x]{22}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
