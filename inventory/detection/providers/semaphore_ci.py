"""Credentials that Semaphore issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="semaphore-ci",
    label="Semaphore",
    opens="Starts pipelines and reads projects of the organisation as the person.",
    revoke="me.semaphoreci.com > Account > Reset API token > Regenerate.",
    rotate="There is one API token for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.semaphoreci.com/reference/api",
    formats=(
        Format(
            slug="semaphore-ci-api-token",
            label="Semaphore API token",
            kind=CredentialKind.CI_TOKEN,
            pattern=near("semaphore(?:_?ci)?", "[a-f0-9]{32}|[A-Za-z0-9_-]{20}"),
            examples=("SEMAPHORE_CI_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("SEMAPHORE_CI_API_KEY=<[a-f0-9]{27}>", "SEMAPHORE_CI_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.2,
            opens_organisation=True,
        ),
    ),
)
