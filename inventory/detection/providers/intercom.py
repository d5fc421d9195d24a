"""Credentials that Intercom issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="intercom",
    label="Intercom",
    opens="Reads and changes conversations and contacts of the workspace.",
    revoke="app.intercom.com > Settings > Integrations > Developer hub > the app > Authentication > Regenerate token.",
    rotate="Make a second app with its own token, deploy it, then delete the first.",
    documentation="https://developers.intercom.com/docs/build-an-integration/learn-more/authentication",
    formats=(
        Format(
            slug="intercom-access-token",
            label="Intercom access token",
            kind=CredentialKind.API_KEY,
            pattern=near("intercom", "[A-Za-z0-9_=-]{59,60}=?", beside=r"\w=-"),
            examples=("INTERCOM_ACCESS_TOKEN=<[A-Za-z0-9_-]{59}>=",),
            counter_examples=("INTERCOM_ACCESS_TOKEN=<[A-Za-z0-9_-]{40}>=",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
        Format(
            slug="intercom-base64-token",
            label="Intercom access token beginning with its marker",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>dG9rO[A-Za-z0-9+/]{53,55}={0,2})(?:[^A-Za-z0-9+/=]|$)",
            examples=("token: dG9rO<[A-Za-z0-9+/]{54}>=",),
            counter_examples=("dG9rO<[A-Za-z0-9+/]{20}>",),
            confidence=Confidence.MEDIUM,
            public_prefix="dG9rO",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
