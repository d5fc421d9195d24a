"""Credentials that Pinecone issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="pinecone",
    label="Pinecone",
    opens="Reads, writes and deletes the vector indexes of the project.",
    revoke="app.pinecone.io > the project > API keys > Delete.",
    rotate="Create a second key in the project, deploy it, then delete the first.",
    documentation="https://docs.pinecone.io/guides/projects/manage-api-keys",
    formats=(
        Format(
            slug="pinecone-api-key",
            label="Pinecone API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bpcsk_[A-Za-z0-9]{4,8}_[A-Za-z0-9]{55,70}\b",
            examples=("PINECONE_API_KEY=pcsk_<[A-Za-z0-9]{6}>_<[A-Za-z0-9]{63}>",),
            counter_examples=("pcsk_<[A-Za-z0-9]{6}>_<[A-Za-z0-9]{20}>",),
            public_prefix="pcsk_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="pinecone-legacy-key",
            label="Pinecone API key, older form",
            kind=CredentialKind.API_KEY,
            pattern=near("pinecone", UUID),
            examples=("PINECONE_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("PINECONE_API_KEY=<[a-f0-9]{8}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
