"""Credentials that Dropbox issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="dropbox",
    label="Dropbox",
    opens="Reads and writes the files of the account or team, within the app's permissions.",
    revoke=(
        "dropbox.com/account/connected_apps > the app > Disconnect, or POST /2/auth/token/revoke; app secrets under "
        "dropbox.com/developers/apps."
    ),
    rotate=(
        "Use short-lived tokens with a refresh token; authorise again to get a second refresh token, deploy it, "
        "then revoke the first."
    ),
    documentation="https://developers.dropbox.com/oauth-guide",
    formats=(
        Format(
            slug="dropbox-short-lived-token",
            label="Dropbox access token",
            kind=CredentialKind.SIGNED_TOKEN,
            pattern=r"\b(?P<value>sl\.(?:u\.)?[A-Za-z0-9_-]{130,1400})(?:[^\w-]|$)",
            examples=("Authorization: Bearer sl.<[A-Za-z0-9_-]{140}>",),
            counter_examples=("sl.<[A-Za-z0-9_-]{30}>",),
            public_prefix="sl.",
            min_entropy=3.5,
        ),
        Format(
            slug="dropbox-long-lived-token",
            label="Dropbox access token, older form",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>[A-Za-z0-9]{11}AAAAAAAAAA[A-Za-z0-9_=-]{43})(?:[^\w-]|$)",
            examples=("DROPBOX_TOKEN=<[A-Za-z0-9]{11}>AAAAAAAAAA<[A-Za-z0-9_-]{43}>",),
            counter_examples=("<[A-Za-z0-9]{11}>AAAAAAAAAA<[A-Za-z0-9_-]{10}>",),
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="dropbox-app-secret",
            label="Dropbox app key or secret",
            kind=CredentialKind.API_KEY,
            pattern=near("dropbox", "[a-z0-9]{15}", called="secret|key"),
            examples=("DROPBOX_APP_SECRET=<[a-z0-9]{15}>",),
            counter_examples=("DROPBOX_APP_SECRET=<[a-z0-9]{10}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=2.8,
        ),
    ),
)
