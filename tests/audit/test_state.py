"""What the last check found is kept, told on pages, and never better than it was."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from posture.audit.anchors import anchor_file
from posture.audit.models import Event, Verification
from posture.audit.services import AuditUnavailable
from posture.audit.state import Standing, anchor_what_is_new, audit_state, check_chain
from posture.tasks import watch_audit
from tests.append_only import unguarded

pytestmark = pytest.mark.django_db


def test_nothing_is_known_before_the_first_check() -> None:
    assert audit_state().standing is Standing.UNKNOWN


def test_p4_a_changed_row_is_told_until_a_whole_check_finds_nothing(recorded: Any, tamper: Any) -> None:
    recorded(5)
    watch_audit()
    assert audit_state().standing is Standing.GOOD
    recorded(5)
    reason = "UPDATE audit_event SET reason = '{}' WHERE sequence = 8"
    tamper(reason.format("x"))

    watch_audit()

    state = audit_state()
    assert (state.standing, state.first_bad, state.sequence) == (Standing.BROKEN, 8, 5)
    assert "8" in state.problem
    watch_audit()
    assert audit_state().standing is Standing.BROKEN

    tamper(reason.format(""))
    watch_audit()
    assert (audit_state().standing, audit_state().sequence) == (Standing.GOOD, 10)


def test_what_was_checked_today_is_not_read_again_and_tomorrow_it_is(recorded: Any, tamper: Any) -> None:
    recorded(5)
    check_chain()
    tamper("UPDATE audit_event SET reason = 'x' WHERE sequence = 2")

    assert check_chain().ok

    yesterday = timezone.now() - timedelta(days=1, minutes=1)
    Verification.objects.update(whole_at=yesterday)
    assert check_chain().first_bad == 2


def test_j21_an_old_check_is_no_good_news(recorded: Any) -> None:
    recorded(1)
    check_chain()
    Verification.objects.update(verified_at=timezone.now() - timedelta(hours=2))

    assert audit_state().standing is Standing.OLD


def test_a_broken_chain_is_not_anchored(recorded: Any, tamper: Any) -> None:
    recorded(3)
    tamper("UPDATE audit_event SET reason = 'x' WHERE sequence = 3")

    watch_audit()

    assert not anchor_file().exists()


def test_a_lost_key_is_told_and_not_taken_for_good(recorded: Any, settings: Any) -> None:
    recorded(1)
    Path(settings.AUDIT_KEY_FILE).unlink()

    with pytest.raises(AuditUnavailable):
        check_chain()
    watch_audit()

    assert audit_state().standing is Standing.BROKEN
    assert "missing" in audit_state().problem


def test_triggers_that_are_gone_are_told(recorded: Any) -> None:
    recorded(1)
    with unguarded(connection):
        assert "refuses" in check_chain().problem


def exit_code(*arguments: str) -> int:
    try:
        call_command("verify-audit", *arguments)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    except CommandError as error:
        return error.returncode
    return 0


def test_the_command_says_whole_broken_or_cannot_tell(
    recorded: Any, tamper: Any, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded(4)
    anchor_what_is_new()
    assert exit_code() == 0
    assert "4 events, 1 anchors" in capsys.readouterr().out

    assert exit_code("--anchor", f"9:{'0' * 64}") == 1
    assert "First bad event: 5" in capsys.readouterr().out
    assert audit_state().standing is Standing.GOOD, "a wrong anchor on a command line says nothing of the chain"

    assert exit_code("--anchor", "no-such-file") == 2
    tamper("UPDATE audit_event SET reason = 'x' WHERE sequence = 2")
    assert exit_code("--json") == 1
    assert json.loads(capsys.readouterr().out)["first_bad"] == 2
    Path(settings.AUDIT_KEY_FILE).unlink()
    assert exit_code() == 2


def test_d4_the_kept_anchors_find_a_cut_tail(recorded: Any, tamper: Any, capsys: pytest.CaptureFixture[str]) -> None:
    recorded(10)
    anchor_what_is_new()
    digest = Event.objects.get(sequence=6).digest
    tamper(
        "DELETE FROM audit_event WHERE sequence > 6",
        f"UPDATE audit_head SET sequence = 6, digest = '{digest}'",
    )

    assert exit_code() == 1
    assert "First bad event: 7" in capsys.readouterr().out


def test_a_check_inside_a_transaction_that_is_undone_keeps_nothing(recorded: Any) -> None:
    recorded(1)

    with transaction.atomic():
        check_chain()
        transaction.set_rollback(True)

    assert audit_state().standing is Standing.UNKNOWN
