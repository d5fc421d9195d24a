"""Credentials that SendGrid issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="sendgrid",
    label="SendGrid",
    opens="Sends mail in the name of the account's domains, and with full access reads contacts and templates.",
    revoke="app.sendgrid.com > Settings > API Keys > Delete; or DELETE /v3/api_keys/ID.",
    rotate="Create a second key with the same scopes, deploy it, then delete the first.",
    documentation="https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
    formats=(
        Format(
            slug="sendgrid-api-key",
            label="SendGrid API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>SG\.[A-Za-z0-9_-]{20,24}\.[A-Za-z0-9_-]{39,50})(?:[^\w-]|$)",
            examples=("SENDGRID_API_KEY=SG.<[A-Za-z0-9_-]{22}>.<[A-Za-z0-9_-]{43}>",),
            counter_examples=("SG.<[A-Za-z0-9_-]{22}>.<[A-Za-z0-9_-]{10}>", "SG.<[x]{22}>.<[x]{43}>"),
            public_prefix="SG.",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
