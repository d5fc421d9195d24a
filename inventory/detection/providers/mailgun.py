"""Credentials that Mailgun issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="mailgun",
    label="Mailgun",
    opens="Sends mail in the name of the account's domains and reads logs and stored messages.",
    revoke="app.mailgun.com > Account > API security > the key > Delete.",
    rotate="Add a second API key, deploy it, then delete the first.",
    documentation="https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/rbac-mgmt",
    formats=(
        Format(
            slug="mailgun-api-key",
            label="Mailgun API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>key-[a-z0-9]{32})(?:[^\w-]|$)",
            examples=("MAILGUN_API_KEY=key-<[a-f0-9]{32}>",),
            counter_examples=("key-<[a-f0-9]{20}>",),
            public_prefix="key-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="mailgun-api-key-in-context",
            label="Mailgun API key, newer form",
            kind=CredentialKind.API_KEY,
            pattern=near(
                "mailgun", "(?:[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}|[a-z0-9]{72})", called="key|token|secret|api"
            ),
            examples=("MAILGUN_API_KEY=<[a-f0-9]{32}>-<[a-f0-9]{8}>-<[a-f0-9]{8}>",),
            counter_examples=("MAILGUN_API_KEY=<[a-f0-9]{32}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="mailgun-public-key",
            label="Mailgun public validation key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bpubkey-[a-f0-9]{32}\b",
            examples=("pubkey-<[a-f0-9]{32}>",),
            counter_examples=("pubkey-<[a-f0-9]{20}>",),
            public_prefix="pubkey-",
            min_entropy=3.0,
            public_by_design=True,
        ),
    ),
)
