"""Background work over several slices."""

from __future__ import annotations

from celery import shared_task

from posture.pipeline import advance


@shared_task
def advance_pipeline() -> None:
    """Bring owners, severities and scores up to date."""
    advance()
