"""Credentials that Bitbucket issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="bitbucket",
    label="Bitbucket",
    opens=(
        "Reads and pushes code in the workspace, project or repository that the token names; an app password acts "
        "as its person."
    ),
    revoke=(
        "bitbucket.org > Personal settings > App passwords > Revoke; access tokens under the repository's or "
        "workspace's settings > Access tokens > Revoke; API tokens under id.atlassian.com > Security > API tokens."
    ),
    rotate=(
        "Create a second access token with the same scopes, deploy it, then revoke the first; app passwords are to "
        "be replaced by API tokens."
    ),
    documentation="https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/",
    formats=(
        Format(
            slug="bitbucket-app-password",
            label="Bitbucket app password",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bATBB[A-Za-z0-9]{24}[A-F0-9]{8}\b",
            examples=("https://me:ATBB<[A-Za-z0-9]{24}><[A-F0-9]{8}>@bitbucket.org/w/r",),
            counter_examples=("ATBB<[A-Za-z0-9]{20}>",),
            public_prefix="ATBB",
            min_entropy=3.0,
        ),
        Format(
            slug="bitbucket-access-token",
            label="Bitbucket access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>ATCTT3xFfG[A-Za-z0-9+/=_-]{150,220}=[A-F0-9]{8})(?:[^\w-]|$)",
            examples=("BITBUCKET_TOKEN=ATCTT3xFfG<[A-Za-z0-9_-]{170}>=<[A-F0-9]{8}>",),
            counter_examples=("ATCTT3xFfG<[A-Za-z0-9_-]{50}>=<[A-F0-9]{8}>",),
            public_prefix="ATCTT3xFfG",
            min_entropy=3.0,
        ),
        Format(
            slug="bitbucket-oauth-secret",
            label="Bitbucket OAuth consumer key or secret",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near(
                "bitbucket",
                "[A-Za-z0-9_-]{44}|[A-Za-z0-9_=-]{48,64}|[A-Za-z0-9]{18,20}|[A-Za-z0-9]{32}",
                called="client[_ .-]?id|secret|token|key|pat|password",
            ),
            examples=("BITBUCKET_SECRET=<[A-Za-z0-9]{32}>",),
            counter_examples=("BITBUCKET_SECRET=<[A-Za-z0-9]{10}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
