"""Credentials that Knapsack Pro issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="knapsack-pro",
    label="Knapsack Pro",
    opens="Reads and writes test timings of the project.",
    revoke="knapsackpro.com > Dashboard > the project > API tokens > Delete.",
    rotate="Create a second API token, deploy it, then delete the first.",
    documentation="https://docs.knapsackpro.com/",
    formats=(
        Format(
            slug="knapsack-pro-api-token",
            label="Knapsack Pro API token",
            kind=CredentialKind.CI_TOKEN,
            pattern=near("knapsack_?pro", "[a-z0-9]{32}"),
            examples=("KNAPSACK_PRO_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("KNAPSACK_PRO_API_KEY=<[a-f0-9]{27}>", "KNAPSACK_PRO_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
