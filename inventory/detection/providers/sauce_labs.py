"""Credentials that Sauce Labs issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="sauce-labs",
    label="Sauce Labs",
    opens="Starts tests and reads their recordings as the user.",
    revoke="app.saucelabs.com > Account > User settings > Access key > Regenerate.",
    rotate="There is one key for each user: use a service account, regenerate and deploy at once.",
    documentation="https://docs.saucelabs.com/basics/acct-team-mgmt/managing-user-info/",
    formats=(
        Format(
            slug="sauce-labs-access-key",
            label="Sauce Labs access key",
            kind=CredentialKind.CI_TOKEN,
            pattern=near("sauce(?:labs)?", f"(?i:{UUID})"),
            examples=("SAUCE_ACCESS_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("SAUCE_ACCESS_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
