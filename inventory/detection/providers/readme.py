"""Credentials that ReadMe issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="readme",
    label="ReadMe",
    opens="Reads and changes the documentation project.",
    revoke="dash.readme.com > the project > Configuration > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.readme.com/main/reference/authentication",
    formats=(
        Format(
            slug="readme-api-key",
            label="ReadMe API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\brdme_[a-z0-9]{70}\b",
            examples=("README_API_KEY=rdme_<[a-z0-9]{70}>",),
            counter_examples=("rdme_<[a-z0-9]{30}>", "rdme_<[x]{70}>"),
            public_prefix="rdme_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
