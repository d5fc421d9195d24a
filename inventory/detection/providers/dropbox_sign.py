"""Credentials that Dropbox Sign (HelloSign) issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="dropbox-sign",
    label="Dropbox Sign (HelloSign)",
    opens="Sends and reads signature requests of the account.",
    revoke="app.hellosign.com > API > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developers.hellosign.com/docs/authentication/",
    formats=(
        Format(
            slug="dropbox-sign-api-key",
            label="Dropbox Sign (HelloSign) API key",
            kind=CredentialKind.API_KEY,
            pattern=near("(?:hello_?sign|dropbox_?sign)", "[a-f0-9]{64}|[A-Za-z0-9+/=]{62,66}", beside="A-Za-z0-9+/="),
            examples=("DROPBOX_SIGN_API_KEY=<[a-f0-9]{64}>",),
            counter_examples=("DROPBOX_SIGN_API_KEY=<[a-f0-9]{59}>", "DROPBOX_SIGN_API_KEY=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
