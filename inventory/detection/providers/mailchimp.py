"""Credentials that Mailchimp issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="mailchimp",
    label="Mailchimp",
    opens=(
        "Reads and changes the audiences, campaigns and contacts of the account; a Transactional (Mandrill) key "
        "sends mail."
    ),
    revoke=(
        "mailchimp.com > Profile > Extras > API keys > Revoke; Transactional keys under mandrillapp.com > Settings "
        "> SMTP & API Info."
    ),
    rotate="Create a second key, deploy it, then revoke the first.",
    documentation="https://mailchimp.com/help/about-api-keys/",
    formats=(
        Format(
            slug="mailchimp-api-key",
            label="Mailchimp API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b[A-Za-z0-9]{32}-us[0-9]{1,2}\b",
            examples=("MAILCHIMP_API_KEY=<[a-f0-9]{32}>-us12", "mailchimp_token = <[A-Za-z0-9]{32}>-us7"),
            counter_examples=("<[a-f0-9]{32}>-eu1", "<[a-f0-9]{30}>-us1"),
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="mailchimp-mandrill-key",
            label="Mailchimp Transactional (Mandrill) API key",
            kind=CredentialKind.API_KEY,
            pattern=near("mandrill", "[A-Za-z0-9_-]{22}"),
            examples=("MANDRILL_API_KEY=<[A-Za-z0-9_-]{22}>",),
            counter_examples=("MANDRILL_API_KEY=<[A-Za-z0-9_-]{16}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
        ),
    ),
)
