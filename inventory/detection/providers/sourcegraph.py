"""Credentials that Sourcegraph issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="sourcegraph",
    label="Sourcegraph",
    opens="Searches and reads every repository that the owning user may read in Sourcegraph.",
    revoke="Sourcegraph > Settings > Access tokens > Delete; site administrators under Site admin > Access tokens.",
    rotate="Create a second access token, deploy it, then delete the first.",
    documentation="https://sourcegraph.com/docs/cli/how-tos/creating-an-access-token",
    formats=(
        Format(
            slug="sourcegraph-access-token",
            label="Sourcegraph access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bsgp_(?:(?:[a-fA-F0-9]{16}|local)_)?[a-fA-F0-9]{40}\b",
            examples=("SRC_ACCESS_TOKEN=sgp_<[a-f0-9]{16}>_<[a-f0-9]{40}>",),
            counter_examples=("sgp_<[a-f0-9]{20}>",),
            public_prefix="sgp_",
            min_entropy=3.0,
        ),
        Format(
            slug="sourcegraph-dotcom-token",
            label="Sourcegraph dotcom user gateway token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bsgd_[a-fA-F0-9]{64}\b",
            examples=("sgd_<[a-f0-9]{64}>",),
            counter_examples=("sgd_<[a-f0-9]{20}>",),
            public_prefix="sgd_",
            min_entropy=3.0,
        ),
        Format(
            slug="sourcegraph-licence-key",
            label="Sourcegraph licence key token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bslk_[a-f0-9]{64}\b",
            examples=("slk_<[a-f0-9]{64}>",),
            counter_examples=("slk_<[a-f0-9]{20}>",),
            public_prefix="slk_",
            min_entropy=3.0,
        ),
    ),
)
