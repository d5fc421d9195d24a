"""Credentials that Travis CI issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="travis-ci",
    label="Travis CI",
    opens="Triggers builds and reads settings and logs of the repositories that its user may see.",
    revoke="app.travis-ci.com > Settings > API authentication > regenerate the token.",
    rotate="There is one token for each user: use a machine user, regenerate and deploy at once.",
    documentation="https://docs.travis-ci.com/user/triggering-builds/",
    formats=(
        Format(
            slug="travis-ci-api-token",
            label="Travis CI API token",
            kind=CredentialKind.CI_TOKEN,
            pattern=near("travis(?:[_-]?ci)?", "[A-Za-z0-9_-]{22}"),
            examples=("TRAVIS_TOKEN=<[A-Za-z0-9_-]{22}>",),
            counter_examples=("TRAVIS_TOKEN=<[A-Za-z0-9_-]{16}>", "TRAVIS_TOKEN=<[x]{22}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
        ),
    ),
)
