"""Credentials that CircleCI issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="circleci",
    label="CircleCI",
    opens=(
        "Triggers pipelines and reads their settings and artefacts as the person, or within the project, that owns "
        "the token."
    ),
    revoke=(
        "app.circleci.com > User settings > Personal API tokens > Remove; project tokens under Project settings > "
        "API permissions."
    ),
    rotate="Create a second token, deploy it, then remove the first.",
    documentation="https://circleci.com/docs/managing-api-tokens/",
    formats=(
        Format(
            slug="circleci-personal-token",
            label="CircleCI personal API token",
            kind=CredentialKind.CI_TOKEN,
            pattern=r"\bCCIPAT_[A-Za-z0-9]{22}_[A-Fa-f0-9]{40}\b",
            examples=("CIRCLECI_TOKEN=CCIPAT_<[A-Za-z0-9]{22}>_<[a-f0-9]{40}>",),
            counter_examples=("CCIPAT_<[A-Za-z0-9]{22}>_<[a-f0-9]{20}>",),
            public_prefix="CCIPAT_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="circleci-project-token",
            label="CircleCI project API token",
            kind=CredentialKind.CI_TOKEN,
            pattern=r"\bCCIPRJ_[A-Za-z0-9]{22}_[A-Fa-f0-9]{40}\b",
            examples=("CCIPRJ_<[A-Za-z0-9]{22}>_<[a-f0-9]{40}>",),
            counter_examples=("CCIPRJ_<[A-Za-z0-9]{22}>_<[a-f0-9]{20}>",),
            public_prefix="CCIPRJ_",
            min_entropy=3.0,
        ),
        Format(
            slug="circleci-legacy-token",
            label="CircleCI API token, older form",
            kind=CredentialKind.CI_TOKEN,
            pattern=near("circle[_-]?(?:ci)?", "[A-Za-z0-9]{40}"),
            examples=("CIRCLE_TOKEN=<[a-f0-9]{40}>",),
            counter_examples=("CIRCLE_TOKEN=<[a-f0-9]{30}>", "CIRCLE_SHA1=<[a-f0-9]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
