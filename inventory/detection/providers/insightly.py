"""Credentials that Insightly issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="insightly",
    label="Insightly",
    opens="Reads and changes the CRM's records as the user.",
    revoke="crm.na1.insightly.com > User settings > API > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://support.insight.ly/hc/en-us/articles/204864594",
    formats=(
        Format(
            slug="insightly-api-key",
            label="Insightly API key",
            kind=CredentialKind.API_KEY,
            pattern=near("insightly", UUID),
            examples=("INSIGHTLY_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("INSIGHTLY_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
