"""Credentials that npm issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="npm",
    label="npm",
    opens=(
        "Publishes and installs packages as the user or organisation, as far as the token's scope goes: a publish "
        "token reaches every user of the package."
    ),
    revoke="npmjs.com > Access Tokens > Delete, or `npm token revoke ID`.",
    rotate=(
        "Create a granular token for the same packages with an expiry, deploy it, then revoke the old one; better, "
        "publish from CI by trusted publishing without any token."
    ),
    documentation="https://docs.npmjs.com/about-access-tokens",
    formats=(
        Format(
            slug="npm-access-token",
            label="npm access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bnpm_[A-Za-z0-9]{36}\b",
            examples=("//registry.npmjs.org/:_authToken=npm_<[A-Za-z0-9]{36}>",),
            counter_examples=("npm_<[A-Za-z0-9]{20}>", "npm_<[A-Za-z0-9]{40}>", "npm_<[x]{36}>"),
            public_prefix="npm_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="npm-legacy-token",
            label="npm access token, older form",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=(
                r"(?i:_authToken|npm[_.-]?token|npm[_.-]?auth(?:[_.-]?token)?)[\s\"':=]{1,6}"
                r"(?P<value>(?i:[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}))(?:[^\w-]|$)"
            ),
            examples=(
                (
                    "//registry.npmjs.org/:_authToken=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<"
                    "[a-f0-9]{12}>"
                ),
            ),
            counter_examples=("_authToken=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
