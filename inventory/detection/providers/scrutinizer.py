"""Credentials that Scrutinizer CI issues."""

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
            pattern=(
                r"(?i:scrutinizer[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-f0-9]{64})(?:[^\w-]|$)"
            ),
            examples=("SCRUTINIZER_API_KEY=<[a-f0-9]{64}>",),
            counter_examples=("SCRUTINIZER_API_KEY=<[a-f0-9]{59}>", "SCRUTINIZER_API_KEY=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
