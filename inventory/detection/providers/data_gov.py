"""Credentials that api.data.gov issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="data-gov",
    label="api.data.gov",
    opens="Calls US government APIs under the holder's rate limit.",
    revoke="Ask at https://api.data.gov/contact/ to have the key disabled, and sign up for a new one.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://api.data.gov/docs/developer-manual/",
    formats=(
        Format(
            slug="data-gov-api-key",
            label="api.data.gov API key",
            kind=CredentialKind.API_KEY,
            pattern=near("data[_.]?gov", "[A-Za-z0-9]{40}"),
            examples=("DATAGOV_API_KEY=<[A-Za-z0-9]{40}>",),
            counter_examples=("DATAGOV_API_KEY=<[A-Za-z0-9]{35}>", "DATAGOV_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
