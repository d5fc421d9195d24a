"""Background work over several slices."""

from __future__ import annotations

import logging

from celery import shared_task
from django.core.management import call_command

from inventory.services import remove_orphaned_mirrors
from inventory.upload_handler import sweep_uploads
from posture.accounts.services import forget_expired
from posture.audit.anchors import AnchorError
from posture.audit.errors import AuditUnavailable
from posture.audit.state import anchor_what_is_new, check_chain
from posture.pipeline import advance

logger = logging.getLogger(__name__)


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


@shared_task
def watch_audit() -> None:
    """Anchor what is new in the audit trail and check it, once a day from its first event on; pages tell the rest."""
    try:
        verdict = check_chain()
        if verdict.ok:
            anchor_what_is_new()
        else:
            logger.error("The audit trail is not whole: %s", verdict.problem)
    except (AuditUnavailable, AnchorError, OSError) as error:
        logger.error("The audit trail cannot be watched: %s", error)
