"""Credentials that Code Climate (Qlty) issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="code-climate",
    label="Code Climate (Qlty)",
    opens="Uploads coverage reports to the repository's page.",
    revoke="codeclimate.com > the repository > Repo settings > Test coverage > Test reporter id > Regenerate.",
    rotate="Regenerating has no overlap: replace the CI variable at once, which loses at most one report.",
    documentation="https://docs.codeclimate.com/docs/finding-your-test-coverage-token",
    formats=(
        Format(
            slug="code-climate-reporter-id",
            label="Code Climate test reporter id",
            kind=CredentialKind.CI_TOKEN,
            pattern=(
                r"(?i:CC_TEST_REPORTER_ID|code_?climate[\w .-]{0,24}(?:token|id|key))[\s\"':=>,(]{1,6}"
                r"(?P<value>[a-f0-9]{64})(?:[^\w-]|$)"
            ),
            examples=("CC_TEST_REPORTER_ID=<[a-f0-9]{64}>",),
            counter_examples=("CC_TEST_REPORTER_ID=<[a-f0-9]{40}>",),
            min_entropy=3.0,
        ),
    ),
)
