"""Credentials that HERE issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="here",
    label="HERE",
    opens="Calls maps and routing at the organisation's cost.",
    revoke="platform.here.com > Access Manager > Apps > the app > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://www.here.com/docs/bundle/identity-and-access-management-developer-guide-hlp/page/README.html",
    formats=(
        Format(
            slug="here-api-key",
            label="HERE API key",
            kind=CredentialKind.API_KEY,
            pattern=near(r"\bhere[_-]?(?:api|maps|app|access|rest)", "[A-Za-z0-9_-]{43,45}"),
            examples=("HERE_API_KEY=<[A-Za-z0-9]{43}>",),
            counter_examples=("HERE_API_KEY=<[A-Za-z0-9]{38}>", "HERE_API_KEY=<[x]{43}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
