"""Credentials that Codecov issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="codecov",
    label="Codecov",
    opens="Uploads coverage reports for the repository or, with an API token, reads them.",
    revoke=(
        "app.codecov.io > the repository > Configuration > General > Regenerate upload token; API tokens under "
        "Settings > Access > Revoke."
    ),
    rotate="Regenerating has no overlap: replace the CI variable at once, or sign uploads by OpenID Connect.",
    documentation="https://docs.codecov.com/docs/codecov-tokens",
    formats=(
        Format(
            slug="codecov-token",
            label="Codecov token",
            kind=CredentialKind.CI_TOKEN,
            pattern=near("codecov", UUID),
            examples=("CODECOV_TOKEN=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("CODECOV_TOKEN=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
