"""The notify slice: the outbox, and the channels that empty it."""

from django.apps import AppConfig

from posture.notify.mail_server import mail_server
from posture.notify.webhooks import webhooks


class NotifyConfig(AppConfig):
    """Django's view of the slice."""

    name = "posture.notify"
    label = "notify"

    def ready(self) -> None:
        """Read the settings of both channels, so that a wrong one stops start-up as any other does."""
        mail_server()
        webhooks()
