"""Credentials that Front issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="front",
    label="Front",
    opens="Reads and sends conversations of the company.",
    revoke="app.frontapp.com > Settings > Developers > API tokens > Delete.",
    rotate="Create a second API token, deploy it, then delete the first.",
    documentation="https://dev.frontapp.com/docs/authentication",
    formats=(
        Format(
            slug="front-api-token",
            label="Front API token",
            kind=CredentialKind.API_KEY,
            pattern=near(
                r"\bfront(?:app)?",
                r"[0-9a-zA-Z]{36}\.[0-9a-zA-Z.]{180,400}|ey[A-Za-z0-9_-]{20,60}\.[A-Za-z0-9_-]{80,300}\.[A-Za-z0-9_-]{43}",
            ),
            examples=("FRONT_API_KEY=ey<[A-Za-z0-9]{34}>.<[A-Za-z0-9]{140}>.<[A-Za-z0-9]{43}>",),
            counter_examples=("FRONT_API_TOKEN=ey<[A-Za-z0-9]{34}>.<[A-Za-z0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
