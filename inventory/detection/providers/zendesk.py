"""Credentials that Zendesk issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="zendesk",
    label="Zendesk",
    opens="Reads and changes tickets and users as the administrator whose address goes with it.",
    revoke="Admin Center > Apps and integrations > APIs > API tokens > Deactivate, then Delete.",
    rotate="Add a second API token, deploy it, check Last used of the first, then deactivate and delete it.",
    documentation="https://support.zendesk.com/hc/en-us/articles/4408889192858",
    formats=(
        Format(
            slug="zendesk-api-token",
            label="Zendesk API token",
            kind=CredentialKind.API_KEY,
            pattern=near("zendesk", "[A-Za-z0-9]{40}"),
            examples=("ZENDESK_API_TOKEN=<[A-Za-z0-9]{40}>",),
            counter_examples=("ZENDESK_API_TOKEN=<[A-Za-z0-9]{30}>", "ZENDESK_API_TOKEN=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
            opens_organisation=True,
        ),
    ),
)
