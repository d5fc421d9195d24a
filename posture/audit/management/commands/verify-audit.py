"""Checks the whole audit trail: its chain, its head, its anchors, and that the database refuses changes."""  # noqa: N999

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from posture.audit.anchors import given_anchors
from posture.audit.errors import AuditUnavailable
from posture.audit.state import check_chain, judged, kept_anchors
from posture.audit.verify import Verdict

BROKEN, CANNOT_TELL = 1, 2


class Command(BaseCommand):
    help = (
        "Check that nothing in the audit trail was changed, cut off or forged; exit code 0: whole, 1: not, 2: unknown."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            metavar="FILE|EVENT:DIGEST",
            help="Also compare with an anchor kept elsewhere: a copy of the anchor file, or one from the log.",
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="Print what was found as JSON.")

    def handle(self, *args: Any, anchor: list[str], as_json: bool, **options: Any) -> None:
        try:
            given = [each for text in anchor for each in given_anchors(text)]
            # What is given on the command line may be wrong, so that only our own anchors decide what pages tell.
            verdict = check_chain(whole=True)
            if given and verdict.ok:
                verdict = judged([*kept_anchors(), *given])
        except (AuditUnavailable, OSError, ValueError) as error:
            raise CommandError(f"The audit trail cannot be checked. {error}", returncode=CANNOT_TELL) from error
        self.stdout.write(json.dumps(asdict(verdict)) if as_json else told(verdict))
        if not verdict.ok:
            sys.exit(BROKEN)


def told(verdict: Verdict) -> str:
    """Return what was found, in words."""
    if verdict.ok:
        return f"The audit trail is whole: {verdict.events:,} events, {verdict.anchors:,} anchors agree."
    bad = f"First bad event: {verdict.first_bad:,}. " if verdict.first_bad is not None else ""
    return (
        f"The audit trail is NOT whole: {verdict.problem}.\n{bad}{verdict.events:,} events before are right.\n"
        f"{verdict.advice}"
    )
