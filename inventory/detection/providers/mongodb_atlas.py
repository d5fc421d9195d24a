"""Credentials that MongoDB Atlas issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="mongodb-atlas",
    label="MongoDB Atlas",
    opens="Administers clusters, users and network access of the Atlas project or organisation.",
    revoke=(
        "cloud.mongodb.com > Access Manager > Applications > API keys > Delete; service account secrets in the same "
        "place > Revoke."
    ),
    rotate=(
        "Create a second key with the same roles and access list, deploy it, then delete the first; service "
        "accounts take two secrets at once."
    ),
    documentation="https://www.mongodb.com/docs/atlas/configure-api-access/",
    formats=(
        Format(
            slug="mongodb-atlas-private-key",
            label="MongoDB Atlas API private key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=near("(?:mongodb|atlas|mcli)", UUID, called="private|secret|key|token"),
            examples=(
                ("MONGODB_ATLAS_PRIVATE_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>"),
            ),
            counter_examples=("MONGODB_ATLAS_PRIVATE_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="mongodb-atlas-service-account-secret",
            label="MongoDB Atlas service account secret",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\b(?P<value>mdb_sa_sk_[A-Za-z0-9_-]{36,44})(?:[^\w-]|$)",
            examples=("mdb_sa_sk_<[A-Za-z0-9_-]{40}>",),
            counter_examples=("mdb_sa_sk_<[A-Za-z0-9_-]{10}>",),
            public_prefix="mdb_sa_sk_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
