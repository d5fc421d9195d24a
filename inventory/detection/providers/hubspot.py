"""Credentials that HubSpot issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="hubspot",
    label="HubSpot",
    opens="Reads and changes contacts, deals and content of the account within the private app's scopes.",
    revoke=(
        "HubSpot > Settings > Integrations > Private apps > the app > Auth > Rotate; personal keys under Profile > "
        "Personal access key."
    ),
    rotate="Rotate and expire later keeps the old token for seven days: deploy the new one, then expire the old.",
    documentation="https://developers.hubspot.com/docs/guides/apps/private-apps/overview",
    formats=(
        Format(
            slug="hubspot-private-app-token",
            label="HubSpot private app token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bpat-(?:na|eu|ap|ca)[0-9]-[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\b",
            examples=("HUBSPOT_TOKEN=pat-na1-<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("pat-na1-<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            public_prefix="pat-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="hubspot-legacy-key",
            label="HubSpot API key, older form",
            kind=CredentialKind.API_KEY,
            pattern=near(r"(?:hubspot|\bhapi)", UUID),
            examples=("HUBSPOT_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("HUBSPOT_API_KEY=<[a-f0-9]{8}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
