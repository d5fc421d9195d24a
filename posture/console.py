"""The `posture` console script."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

from posture.celery import app  # Tasks sent from a command need the broker that it configures.

__all__ = ["app", "main"]


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "posture.settings")
    execute_from_command_line(sys.argv)
