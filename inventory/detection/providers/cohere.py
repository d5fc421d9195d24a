"""Credentials that Cohere issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="cohere",
    label="Cohere",
    opens="Calls the models at the organisation's cost and reads its data sets and fine-tunes.",
    revoke="dashboard.cohere.com > API keys > Delete.",
    rotate="Create a second production key, deploy it, then delete the first.",
    documentation="https://docs.cohere.com/reference/about",
    formats=(
        Format(
            slug="cohere-api-key",
            label="Cohere API key",
            kind=CredentialKind.API_KEY,
            pattern=near(r"(?:cohere|\bco_api)", "[A-Za-z0-9]{40}", called="key|token|secret"),
            examples=("COHERE_API_KEY=<[A-Za-z0-9]{40}>",),
            counter_examples=("COHERE_API_KEY=<[A-Za-z0-9]{30}>", "COHERE_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
