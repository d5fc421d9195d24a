"""Credentials that Jina AI issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="jina",
    label="Jina AI",
    opens="Calls the embedding, reader and reranker services at the account's cost.",
    revoke="jina.ai > API key & Billing > the key > Delete.",
    rotate="Create a second key, deploy it, then delete the first.",
    documentation="https://jina.ai/api-dashboard/",
    formats=(
        Format(
            slug="jina-api-key",
            label="Jina AI API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>jina_[a-f0-9]{32}[A-Za-z0-9_-]{28})(?:[^\w-]|$)",
            examples=("JINA_API_KEY=jina_<[a-f0-9]{32}><[A-Za-z0-9_-]{28}>",),
            counter_examples=("jina_<[a-f0-9]{20}>", "jina_<[x]{60}>"),
            public_prefix="jina_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
