"""Credentials that Coveralls issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="coveralls",
    label="Coveralls",
    opens="Uploads coverage reports for the repository; a personal token manages repositories.",
    revoke="coveralls.io > the repository > Settings > Repo token > Regenerate; personal tokens under Account.",
    rotate="Regenerating has no overlap: replace the CI variable at once.",
    documentation="https://docs.coveralls.io/api-introduction",
    formats=(
        Format(
            slug="coveralls-token",
            label="Coveralls token",
            kind=CredentialKind.CI_TOKEN,
            pattern=near("coveralls", "[A-Za-z0-9-]{37}|[A-Za-z0-9]{32,33}"),
            examples=("COVERALLS_REPO_TOKEN=<[A-Za-z0-9]{33}>",),
            counter_examples=("COVERALLS_REPO_TOKEN=<[A-Za-z0-9]{20}>", "COVERALLS_REPO_TOKEN=<[x]{33}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.2,
        ),
    ),
)
