"""Credentials that SparkPost issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="sparkpost",
    label="SparkPost",
    opens="Sends mail in the name of the account's domains, as the key's grants allow.",
    revoke="app.sparkpost.com > Configuration > API Keys > Delete; EU accounts under app.eu.sparkpost.com.",
    rotate="Create a second key with the same grants, deploy it, then delete the first.",
    documentation="https://developers.sparkpost.com/api/",
    formats=(
        Format(
            slug="sparkpost-api-key",
            label="SparkPost API key",
            kind=CredentialKind.API_KEY,
            pattern=near("sparkpost", "[a-z0-9]{40}"),
            examples=("SPARKPOST_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("SPARKPOST_API_KEY=<[a-f0-9]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
