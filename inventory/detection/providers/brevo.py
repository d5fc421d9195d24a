"""Credentials that Brevo (Sendinblue) issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="brevo",
    label="Brevo (Sendinblue)",
    opens="Sends mail and reads the contacts of the account.",
    revoke="app.brevo.com > Settings > SMTP & API > API keys > Delete.",
    rotate="Generate a second key, deploy it, then delete the first.",
    documentation="https://help.brevo.com/hc/en-us/articles/209467485",
    formats=(
        Format(
            slug="brevo-api-key",
            label="Brevo API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16})(?:[^\w-]|$)",
            examples=("xkeysib-<[a-f0-9]{64}>-<[A-Za-z0-9]{16}>",),
            counter_examples=("xkeysib-<[a-f0-9]{40}>-<[A-Za-z0-9]{16}>", "xkeysib-<[x]{64}>-<[x]{16}>"),
            public_prefix="xkeysib-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="brevo-smtp-key",
            label="Brevo SMTP key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>xsmtpsib-[a-f0-9]{64}-[A-Za-z0-9]{16})(?:[^\w-]|$)",
            examples=("xsmtpsib-<[a-f0-9]{64}>-<[A-Za-z0-9]{16}>",),
            counter_examples=("xsmtpsib-<[a-f0-9]{40}>",),
            public_prefix="xsmtpsib-",
            min_entropy=3.0,
        ),
    ),
)
