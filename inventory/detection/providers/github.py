"""Credentials that GitHub issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="github",
    label="GitHub",
    opens=(
        "Acts on GitHub as the person or app that it was issued for: reads and pushes code, and with wider scopes "
        "administers organisations, packages and workflows."
    ),
    revoke=(
        "github.com > Settings > Developer settings > Personal access tokens > Delete; OAuth apps under Settings > "
        "Applications > Revoke; anyone holding the value can POST it to https://api.github.com/credentials/revoke."
    ),
    rotate=(
        "Create a fine-grained token with the same rights and an expiry, deploy it, check Last used on the old one, "
        "then delete it; in workflows use GITHUB_TOKEN or a GitHub App instead."
    ),
    documentation="https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/managing-your-personal-access-tokens",
    formats=(
        Format(
            slug="github-pat",
            label="GitHub personal access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bghp_[A-Za-z0-9]{36}\b",
            examples=("GITHUB_TOKEN=ghp_<[A-Za-z0-9]{36}>", "https://ghp_<[A-Za-z0-9]{36}>@github.com/o/r.git"),
            counter_examples=(
                "ghp_<[A-Za-z0-9]{30}>",
                "ghp_<[A-Za-z0-9]{40}>",
                "ghx_<[A-Za-z0-9]{36}>",
                "ghp_<[x]{36}>",
            ),
            public_prefix="ghp_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="github-fine-grained-pat",
            label="GitHub fine-grained personal access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b",
            examples=("token: github_pat_<[A-Za-z0-9]{22}>_<[A-Za-z0-9]{59}>",),
            counter_examples=("github_pat_<[A-Za-z0-9]{22}>_<[A-Za-z0-9]{40}>", "github_pat_<[x]{22}>_<[x]{59}>"),
            public_prefix="github_pat_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="github-oauth-token",
            label="GitHub OAuth access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bgho_[A-Za-z0-9]{36}\b",
            examples=("oauth_token: gho_<[A-Za-z0-9]{36}>",),
            counter_examples=("gho_<[A-Za-z0-9]{30}>",),
            public_prefix="gho_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="github-app-user-token",
            label="GitHub App user access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bghu_[A-Za-z0-9]{36}\b",
            examples=('"token": "ghu_<[A-Za-z0-9]{36}>"',),
            counter_examples=("ghu_<[A-Za-z0-9]{30}>",),
            public_prefix="ghu_",
            min_entropy=3.0,
        ),
        Format(
            slug="github-app-installation-token",
            label="GitHub App installation token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bghs_[A-Za-z0-9]{36}\b",
            examples=("git clone https://x:ghs_<[A-Za-z0-9]{36}>@github.com/o/r",),
            counter_examples=("ghs_<[A-Za-z0-9]{30}>",),
            public_prefix="ghs_",
            min_entropy=3.0,
        ),
        Format(
            slug="github-refresh-token",
            label="GitHub App refresh token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bghr_[A-Za-z0-9]{36,76}\b",
            examples=('"refresh_token": "ghr_<[A-Za-z0-9]{76}>"',),
            counter_examples=("ghr_<[A-Za-z0-9]{20}>",),
            public_prefix="ghr_",
            min_entropy=3.0,
        ),
        Format(
            slug="github-client-secret",
            label="GitHub OAuth client secret",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=(
                r"(?i:(?:github|\bgh)[\w .-]{0,16}(?:secret|token|key|pat|password)\w{0,8}|gitalk"
                r"[\s\S]{0,120}?client_?secret)"
                r"[\s\"']{0,3}(?:=>|[=:,])[\s\"']{0,4}(?P<value>[a-f0-9]{40})(?:[^\w-]|$)"
            ),
            examples=("GITHUB_CLIENT_SECRET=<[a-f0-9]{40}>", "GITHUB_TOKEN: '<[a-f0-9]{40}>'"),
            counter_examples=("GITHUB_CLIENT_SECRET=<[a-f0-9]{38}>", "GITHUB_SHA=<[a-f0-9]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
