"""The `posture` console script."""

from __future__ import annotations

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import OperationalError

from posture.celery import app  # Tasks sent from a command need the broker that it configures.

__all__ = ["app", "main"]


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "posture.settings")
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        # What was under way is in the rows; the next start goes on from there.
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
    except OperationalError as error:
        print(f"The database cannot be used: {error}", file=sys.stderr)
        print(f"Check DATABASE_URL and your rights on the data folder {settings.DATA_DIR}.", file=sys.stderr)
        sys.exit(2)
