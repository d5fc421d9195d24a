"""Credentials that Capsule CRM issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="capsule-crm",
    label="Capsule CRM",
    opens="Reads and changes contacts of the account as the person.",
    revoke="capsulecrm.com > My preferences > API authentication tokens > Delete.",
    rotate="Create a second API token, deploy it, then delete the first.",
    documentation="https://developer.capsulecrm.com/",
    formats=(
        Format(
            slug="capsule-crm-api-token",
            label="Capsule CRM API token",
            kind=CredentialKind.API_KEY,
            pattern=near("capsule_?crm", "[A-Za-z0-9+/]{64}", beside="A-Za-z0-9+/="),
            examples=("CAPSULE_CRM_API_KEY=<[A-Za-z0-9]{64}>",),
            counter_examples=("CAPSULE_CRM_API_KEY=<[A-Za-z0-9]{59}>", "CAPSULE_CRM_API_KEY=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.7,
            opens_organisation=True,
        ),
    ),
)
