"""Credentials that LinkedIn issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="linkedin",
    label="LinkedIn",
    opens="Signs in as the app, and with a member's token reads and posts as that person.",
    revoke=(
        "linkedin.com/developers > My apps > the app > Auth > Client secret > Generate a new one, then delete the old."
    ),
    rotate="An app takes two client secrets: generate the second, deploy it, then delete the first.",
    documentation="https://learn.microsoft.com/en-us/linkedin/shared/authentication/client-credentials-flow",
    formats=(
        Format(
            slug="linkedin-client-secret",
            label="LinkedIn client secret",
            kind=CredentialKind.API_KEY,
            pattern=near(
                "linkedin", r"WPL_AP1\.[A-Za-z0-9]{16}\.[A-Za-z0-9+/]{6}==|[A-Za-z0-9]{16}", called="secret|token|key"
            ),
            examples=("LINKEDIN_CLIENT_SECRET=<[A-Za-z0-9]{16}>",),
            counter_examples=("LINKEDIN_CLIENT_SECRET=<[A-Za-z0-9]{10}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=2.8,
        ),
        Format(
            slug="linkedin-client-id",
            label="LinkedIn client id",
            kind=CredentialKind.API_KEY,
            pattern=near("linkedin", "[a-z0-9]{12}|[a-z0-9]{14}", called=r"client_?id|key|\bid"),
            examples=("LINKEDIN_CLIENT_ID=<[a-z0-9]{14}>",),
            counter_examples=("LINKEDIN_CLIENT_ID=<[a-z0-9]{8}>",),
            confidence=Confidence.LOW,
            min_entropy=2.5,
            public_by_design=True,
        ),
    ),
)
