"""Credentials that Tines issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="tines",
    label="Tines",
    opens="Starts the Tines story as if its event had come, with data of the holder's choice.",
    revoke="The tenant > the story > the webhook action > Secret > Regenerate.",
    rotate="Add a second webhook action that leads to the same next step, switch senders over, then remove the first.",
    documentation="https://www.tines.com/docs/actions/types/webhook/",
    formats=(
        Format(
            slug="tines-webhook",
            label="Tines webhook",
            kind=CredentialKind.WEBHOOK,
            pattern=r"\b[a-z0-9-]{1,63}\.tines\.com/webhook/(?P<value>[a-f0-9]{32}/[a-f0-9]{32})(?:[^\w-]|$)",
            examples=("https://example.tines.com/webhook/<[a-f0-9]{32}>/<[a-f0-9]{32}>",),
            counter_examples=("https://example.tines.com/webhook/<[a-f0-9]{32}>/<[a-f0-9]{10}>",),
            min_entropy=3.0,
        ),
    ),
)
