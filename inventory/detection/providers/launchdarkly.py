"""Credentials that LaunchDarkly issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="launchdarkly",
    label="LaunchDarkly",
    opens="Reads and changes feature flags of the account, or as an SDK key reads all flags of one environment.",
    revoke=(
        "app.launchdarkly.com > Organization settings > Authorization > Reset or delete; SDK keys under the "
        "environment > Reset SDK key."
    ),
    rotate="Reset the token with a delayed expiry of the old value, deploy the new one meanwhile.",
    documentation="https://launchdarkly.com/docs/home/account/api",
    formats=(
        Format(
            slug="launchdarkly-access-token",
            label="LaunchDarkly access token",
            kind=CredentialKind.API_KEY,
            pattern=r"(?:^|[^\w-])(?P<value>api-[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12})\b",
            examples=(
                ("LAUNCHDARKLY_API_TOKEN=api-<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>"),
            ),
            counter_examples=("api-<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            public_prefix="api-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="launchdarkly-sdk-key",
            label="LaunchDarkly server SDK key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bsdk-[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\b",
            examples=("sdk-<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("sdk-<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            public_prefix="sdk-",
            min_entropy=3.0,
        ),
        Format(
            slug="launchdarkly-mobile-key",
            label="LaunchDarkly mobile key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bmob-[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\b",
            examples=("mob-<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("mob-<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            public_prefix="mob-",
            min_entropy=3.0,
            public_by_design=True,
        ),
        Format(
            slug="launchdarkly-token-in-context",
            label="LaunchDarkly token beside its name",
            kind=CredentialKind.API_KEY,
            pattern=near("launchdarkly", "[A-Za-z0-9]{40}"),
            examples=("LAUNCHDARKLY_TOKEN=<[A-Za-z0-9]{40}>",),
            counter_examples=("LAUNCHDARKLY_TOKEN=<[A-Za-z0-9]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
        ),
    ),
)
