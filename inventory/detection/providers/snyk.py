"""Credentials that Snyk issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="snyk",
    label="Snyk",
    opens="Reads projects and findings and changes settings as the user or service account that owns the token.",
    revoke=(
        "app.snyk.io > Account settings > General > Auth token > Revoke & Regenerate; service accounts under the "
        "organisation's settings."
    ),
    rotate="Make a second service account, deploy its token, then delete the first.",
    documentation="https://docs.snyk.io/snyk-api/authentication-for-api",
    formats=(
        Format(
            slug="snyk-token",
            label="Snyk token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near("snyk", UUID),
            examples=("SNYK_TOKEN=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("SNYK_TOKEN=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="snyk-pat",
            label="Snyk personal access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=(
                r"\bsnyk_(?:uat|sat|pat)\.[a-f0-9]{8}\.[A-Za-z0-9_-]{30,120}(?:\.[A-Za-z0-9_-]{20,120})?(?:"
                r"[^\w.-]|$)"
            ),
            examples=("snyk_uat.<[a-f0-9]{8}>.<[A-Za-z0-9]{60}>",),
            counter_examples=("snyk_uat.<[a-f0-9]{8}>.<[A-Za-z0-9]{6}>",),
            public_prefix="snyk_",
            min_entropy=3.0,
        ),
    ),
)
