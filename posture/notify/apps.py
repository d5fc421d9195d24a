"""The notify slice: the outbox, and the channels that empty it."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Django's view of the slice."""

    name = "posture.notify"
    label = "notify"
