"""Credentials that Atlassian issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="atlassian",
    label="Atlassian",
    opens="Acts in Jira, Confluence and the other products as the person or organisation that owns the token.",
    revoke=(
        "id.atlassian.com > Security > Create and manage API tokens > Revoke; organisation keys under "
        "admin.atlassian.com > Settings > API keys."
    ),
    rotate="Create a second token with an expiry, deploy it, then revoke the first.",
    documentation="https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/",
    formats=(
        Format(
            slug="atlassian-api-token",
            label="Atlassian API token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>ATATT3[A-Za-z0-9_=-]{150,200}=[A-F0-9]{8})\b",
            examples=("JIRA_API_TOKEN=ATATT3<[A-Za-z0-9_-]{182}>=<[A-F0-9]{8}>",),
            counter_examples=("ATATT3<[A-Za-z0-9_-]{50}>=<[A-F0-9]{8}>",),
            public_prefix="ATATT3",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="atlassian-legacy-token",
            label="Atlassian API token, older form",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near("(?:atlassian|jira|confluence)", "[A-Za-z0-9]{24}"),
            examples=("JIRA_API_TOKEN=<[A-Za-z0-9]{24}>",),
            counter_examples=("JIRA_API_TOKEN=<[A-Za-z0-9]{20}>", "JIRA_API_TOKEN=<[x]{24}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
            opens_organisation=True,
        ),
        Format(
            slug="atlassian-data-center-token",
            label="Jira or Confluence Data Center token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near("(?:atlassian|jira|confluence|bitbucket)", "[MNO][A-Za-z0-9+/]{43}"),
            examples=("JIRA_PAT=N<[A-Za-z0-9+/]{43}>",),
            counter_examples=("JIRA_PAT=N<[A-Za-z0-9+/]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.7,
        ),
    ),
)
