"""Credentials that Smartsheet issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="smartsheet",
    label="Smartsheet",
    opens="Reads and changes sheets as the person.",
    revoke="app.smartsheet.com > Personal settings > API access > Delete.",
    rotate="Create a second access token, deploy it, then delete the first.",
    documentation="https://developers.smartsheet.com/api/smartsheet/guides/basics/authentication",
    formats=(
        Format(
            slug="smartsheet-access-token",
            label="Smartsheet access token",
            kind=CredentialKind.API_KEY,
            pattern=near("smartsheets?", "[A-Za-z0-9]{37}|[A-Za-z0-9]{26}"),
            examples=("SMARTSHEET_API_KEY=<[A-Za-z0-9]{37}>",),
            counter_examples=("SMARTSHEET_API_KEY=<[A-Za-z0-9]{32}>", "SMARTSHEET_API_KEY=<[x]{37}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
