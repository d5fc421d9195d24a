"""Credentials that Box issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="box",
    label="Box",
    opens="Signs in as the app: its service account reads and writes content, and with enterprise access all users'.",
    revoke=(
        "app.box.com/developers/console > the app > Configuration > Reset client secret; tokens with POST "
        "/oauth2/revoke."
    ),
    rotate=(
        "Resetting has no overlap: make a second app authorised by the administrator, deploy it, then disable the "
        "first."
    ),
    documentation="https://developer.box.com/guides/authentication/client-credentials/",
    formats=(
        Format(
            slug="box-client-secret",
            label="Box client secret or developer token",
            kind=CredentialKind.API_KEY,
            pattern=near(r"\bbox", "[A-Za-z0-9]{32}"),
            examples=("BOX_CLIENT_SECRET=<[A-Za-z0-9]{32}>",),
            counter_examples=("BOX_CLIENT_SECRET=<[A-Za-z0-9]{28}>", "BOX_CLIENT_SECRET=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
