"""Background work of the outbox. The rows say what is due; nothing is sent but from here."""

from __future__ import annotations

from celery import shared_task

from posture.common.stopping import is_stopping
from posture.notify.delivery import forget_old, send_due


@shared_task
def send_messages() -> None:
    """Send what is due."""
    send_due(stopping=is_stopping)


@shared_task
def forget_old_messages() -> None:
    """Delete what ended long ago."""
    forget_old()
