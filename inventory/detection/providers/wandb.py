"""Credentials that Weights & Biases issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="wandb",
    label="Weights & Biases",
    opens="Reads and writes runs, artefacts and models of every team that its user or service account belongs to.",
    revoke="wandb.ai > User settings > API keys > Delete.",
    rotate="Create a second key, deploy it, then delete the first.",
    documentation="https://docs.wandb.ai/",
    formats=(
        Format(
            slug="wandb-api-key",
            label="Weights & Biases API key",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:wandb(?:[\w .-]{0,24}(?:key|token|secret)\w{0,9})?)"
                r"[\s\"':=>,(]{1,6}(?P<value>[a-f0-9]{40})(?:[^\w-]|$)"
            ),
            examples=("WANDB_API_KEY=<[a-f0-9]{40}>", "wandb <[a-f0-9]{40}>"),
            counter_examples=("WANDB_API_KEY=<[a-f0-9]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
