"""Credentials that Mailjet issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="mailjet",
    label="Mailjet",
    opens="Sends mail, or text messages, in the name of the account and reads its contacts.",
    revoke=(
        "app.mailjet.com > Account settings > API key management > reset the secret, or delete the sub-account's "
        "key; SMS tokens under SMS > Token management."
    ),
    rotate="Create a sub-account key, deploy it, then reset the old secret.",
    documentation="https://dev.mailjet.com/email/guides/",
    formats=(
        Format(
            slug="mailjet-api-key",
            label="Mailjet API key, secret or SMS token",
            kind=CredentialKind.API_KEY,
            pattern=near("mailjet", "[A-Za-z0-9]{32}|[a-z0-9]{87}="),
            examples=("MAILJET_API_SECRET=<[a-f0-9]{32}>",),
            counter_examples=("MAILJET_API_SECRET=<[a-f0-9]{30}>", "MAILJET_API_SECRET=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
