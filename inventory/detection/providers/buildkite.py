"""Credentials that Buildkite issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="buildkite",
    label="Buildkite",
    opens=(
        "An API token reads builds, logs and artefacts and starts builds; an agent token receives jobs with their "
        "secrets."
    ),
    revoke=(
        "buildkite.com > Personal settings > API access tokens > Revoke; agent tokens under Agents > the cluster > "
        "Agent tokens > Revoke."
    ),
    rotate="Create a second token with the same scopes, deploy it, then revoke the first.",
    documentation="https://buildkite.com/docs/apis/managing-api-tokens",
    formats=(
        Format(
            slug="buildkite-user-token",
            label="Buildkite API access token",
            kind=CredentialKind.CI_TOKEN,
            pattern=r"\bbkua_[a-z0-9]{40}\b",
            examples=("BUILDKITE_API_TOKEN=bkua_<[a-z0-9]{40}>",),
            counter_examples=("bkua_<[a-z0-9]{20}>", "bkua_<[x]{40}>"),
            public_prefix="bkua_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="buildkite-agent-token",
            label="Buildkite agent token",
            kind=CredentialKind.CI_TOKEN,
            pattern=near("buildkite[_ .-]?agent", "[a-z0-9]{50}|bkct_[A-Za-z0-9_]{20,180}", called="token"),
            examples=("BUILDKITE_AGENT_TOKEN=<[a-z0-9]{50}>",),
            counter_examples=("BUILDKITE_AGENT_TOKEN=<[a-z0-9]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
