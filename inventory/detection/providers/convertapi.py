"""Credentials that ConvertAPI issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="convertapi",
    label="ConvertAPI",
    opens="Converts files at the account's cost.",
    revoke="convertapi.com > Dashboard > Authentication > API tokens > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.convertapi.com/docs/authentication",
    formats=(
        Format(
            slug="convertapi-api-key",
            label="ConvertAPI API key",
            kind=CredentialKind.API_KEY,
            pattern=near("convert_?api", "[A-Za-z0-9]{16}|[A-Za-z0-9]{32}"),
            examples=("CONVERTAPI_API_KEY=<[A-Za-z0-9]{16}>",),
            counter_examples=("CONVERTAPI_API_KEY=<[A-Za-z0-9]{11}>", "CONVERTAPI_API_KEY=<[x]{16}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=2.5,
            opens_organisation=True,
        ),
    ),
)
