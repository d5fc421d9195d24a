"""Credentials that GetResponse issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="getresponse",
    label="GetResponse",
    opens="Reads contacts and sends mail in the account's name.",
    revoke="app.getresponse.com > Integrations and API > API > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://apidocs.getresponse.com/",
    formats=(
        Format(
            slug="getresponse-api-key",
            label="GetResponse API key",
            kind=CredentialKind.API_KEY,
            pattern=near("getresponse", "[a-z0-9]{32}"),
            examples=("GETRESPONSE_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("GETRESPONSE_API_KEY=<[a-f0-9]{27}>", "GETRESPONSE_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
