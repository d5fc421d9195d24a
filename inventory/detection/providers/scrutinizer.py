"""Credentials that Scrutinizer CI issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="scrutinizer",
    label="Scrutinizer CI",
    opens="Starts inspections and reads results of the repositories.",
    revoke="scrutinizer-ci.com > Profile > Applications > Delete.",
    rotate="Create a second access token, deploy it, then delete the first.",
    documentation="https://scrutinizer-ci.com/docs/api/",
    formats=(
        Format(
            slug="scrutinizer-access-token",
            label="Scrutinizer CI access token",
            kind=CredentialKind.CI_TOKEN,
            pattern=near("scrutinizer", "[a-f0-9]{64}"),
            examples=("SCRUTINIZER_API_KEY=<[a-f0-9]{64}>",),
            counter_examples=("SCRUTINIZER_API_KEY=<[a-f0-9]{59}>", "SCRUTINIZER_API_KEY=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
