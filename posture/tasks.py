"""Background work over several slices."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command

from inventory.services import remove_orphaned_mirrors
from inventory.upload_handler import sweep_uploads
from posture.accounts.services import forget_expired
from posture.pipeline import advance


@shared_task
def tidy() -> None:
    """Remove mirrors of sources that are gone, what is left of uploads, and sessions and links that ended."""
    remove_orphaned_mirrors()
    sweep_uploads()
    forget_expired()
    call_command("clearsessions")


@shared_task
def advance_pipeline() -> None:
    """Bring owners, severities and scores up to date."""
    advance()
