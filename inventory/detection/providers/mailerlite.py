"""Credentials that MailerLite issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="mailerlite",
    label="MailerLite",
    opens="Reads subscribers and sends campaigns of the account.",
    revoke="dashboard.mailerlite.com > Integrations > API > Delete.",
    rotate="Create a second API token, deploy it, then delete the first.",
    documentation="https://developers.mailerlite.com/docs/",
    formats=(
        Format(
            slug="mailerlite-api-token",
            label="MailerLite API token",
            kind=CredentialKind.API_KEY,
            pattern=near("mailerlite", "[a-z0-9]{32}"),
            examples=("MAILERLITE_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("MAILERLITE_API_KEY=<[a-f0-9]{27}>", "MAILERLITE_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
