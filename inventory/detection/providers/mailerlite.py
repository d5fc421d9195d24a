"""Credentials that MailerLite issues."""

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
            pattern=(
                r"(?i:mailerlite[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-z0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("MAILERLITE_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("MAILERLITE_API_KEY=<[a-f0-9]{27}>", "MAILERLITE_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
