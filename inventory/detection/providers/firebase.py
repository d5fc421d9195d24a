"""Credentials that Firebase issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="firebase",
    label="Firebase",
    opens=(
        "Sends push messages to every device of the app (server keys), or uploads and deploys as the person (CLI "
        "tokens)."
    ),
    revoke=(
        "Firebase console > Project settings > Cloud Messaging > the server key > Delete; CLI tokens with `firebase "
        "logout --token TOKEN`."
    ),
    rotate=(
        "Server keys of the legacy API no longer work since 2024: move to the HTTP v1 API with a service account "
        "and delete the key."
    ),
    documentation="https://firebase.google.com/docs/cloud-messaging/migrate-v1",
    formats=(
        Format(
            slug="firebase-server-key",
            label="Firebase Cloud Messaging server key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{134})(?:[^\w-]|$)",
            examples=("Authorization: key=AAAA<[A-Za-z0-9_-]{7}>:APA91b<[A-Za-z0-9_-]{134}>",),
            counter_examples=("AAAA<[A-Za-z0-9_-]{7}>:APA91b<[A-Za-z0-9_-]{40}>",),
            public_prefix="AAAA",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
