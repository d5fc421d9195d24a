"""Credentials that People Data Labs issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="people-data-labs",
    label="People Data Labs",
    opens="Looks up persons and companies at the account's cost.",
    revoke="dashboard.peopledatalabs.com > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.peopledatalabs.com/",
    formats=(
        Format(
            slug="people-data-labs-api-key",
            label="People Data Labs API key",
            kind=CredentialKind.API_KEY,
            pattern=near("people_?data_?labs", "[a-z0-9]{64}"),
            examples=("PEOPLEDATALABS_API_KEY=<[a-f0-9]{64}>",),
            counter_examples=("PEOPLEDATALABS_API_KEY=<[a-f0-9]{59}>", "PEOPLEDATALABS_API_KEY=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
