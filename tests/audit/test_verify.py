"""Every way to change what was recorded is found, and the first bad row is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from posture.audit.anchors import Anchor
from posture.audit.chain import Keys, load_keys
from posture.audit.guard import missing_guards, refuse_without_recursive_triggers
from posture.audit.models import Event, Head
from posture.audit.services import Entry, record_many
from posture.audit.verify import Place
from tests.append_only import unguarded
from tests.audit.conftest import checked

pytestmark = pytest.mark.django_db

Tamper = Callable[..., None]

TAMPERING = {
    "update": (["UPDATE audit_event SET reason = 'other' WHERE sequence = 4"], 4),
    "time": (["UPDATE audit_event SET at = '2020-01-01 00:00:00' WHERE sequence = 4"], 4),
    "actor": (["UPDATE audit_event SET actor_id = 99 WHERE sequence = 4"], 4),
    "team": (["UPDATE audit_event SET team_id = 99 WHERE sequence = 4"], 4),
    "facts": (["UPDATE audit_event SET facts = '{\"n\": 3}' WHERE sequence = 4"], 4),
    "digest": (["UPDATE audit_event SET digest = previous WHERE sequence = 4"], 4),
    "key": (["UPDATE audit_event SET key_id = 'other' WHERE sequence = 4"], 4),
    "delete": (["DELETE FROM audit_event WHERE sequence = 4"], 4),
    "delete first": (["DELETE FROM audit_event WHERE sequence <= 2"], 1),
    "cut tail": (["DELETE FROM audit_event WHERE sequence > 6"], 7),
    "set head back": (["UPDATE audit_head SET sequence = 8"], 8),
    "renumber": (["UPDATE audit_event SET sequence = 40 WHERE sequence = 4"], 4),
    "swap": (
        [
            "UPDATE audit_event SET sequence = 40 WHERE sequence = 4",
            "UPDATE audit_event SET sequence = 4 WHERE sequence = 6",
            "UPDATE audit_event SET sequence = 6 WHERE sequence = 40",
        ],
        4,
    ),
    "insert": (
        [
            "INSERT INTO audit_event (sequence, at, verb, subject, subject_id, before, after, reason, facts, previous,"
            " digest, key_id) SELECT 11, at, verb, subject, subject_id, before, after, reason, facts, digest, previous,"
            " key_id FROM audit_event WHERE sequence = 10",
            "UPDATE audit_head SET sequence = 11",
        ],
        11,
    ),
}


@pytest.mark.parametrize("kind", TAMPERING)
def test_d2_tampering_is_found_and_the_first_bad_row_named(
    kind: str, recorded: Any, tamper: Tamper, settings: Any
) -> None:
    recorded(10)
    assert checked(settings).ok
    statements, first_bad = TAMPERING[kind]

    tamper(*statements)

    verdict = checked(settings)
    assert (verdict.ok, verdict.first_bad) == (False, first_bad), verdict.problem
    assert verdict.problem
    assert verdict.advice


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET reason = 'other'",
        "DELETE FROM audit_event",
        "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event WHERE sequence = 2",
        "TRUNCATE audit_event",
    ],
)
def test_d3_the_database_refuses_to_change_what_was_recorded(statement: str, recorded: Any, settings: Any) -> None:
    if ("REPLACE" in statement) != (connection.vendor == "sqlite") and ("REPLACE" in statement or "TRUNC" in statement):
        return  # Each of the two is a word of one database only.
    if "TRUNC" in statement and connection.vendor == "sqlite":
        return
    recorded(3)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert checked(settings).events == 3


def test_d3_replacing_is_refused_without_the_setting_too(recorded: Any) -> None:
    if connection.vendor != "sqlite":
        return
    recorded(3)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers=OFF")
        try:
            with pytest.raises(DatabaseError, match="append-only"):
                cursor.execute("INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event WHERE sequence = 2")
        finally:
            cursor.execute("PRAGMA recursive_triggers=ON")


def test_d3_a_connection_without_the_setting_is_refused() -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers=OFF")
        try:
            with pytest.raises(Exception, match="recursive_triggers"):
                refuse_without_recursive_triggers(connection)
        finally:
            cursor.execute("PRAGMA recursive_triggers=ON")
    refuse_without_recursive_triggers(connection)


def test_missing_triggers_are_noticed() -> None:
    assert missing_guards(connection) == []
    with unguarded(connection):
        assert missing_guards(connection)


def test_d4_a_cut_tail_with_its_head_is_found_by_the_anchor(recorded: Any, tamper: Tamper, settings: Any) -> None:
    recorded(20)
    last = Event.objects.get(sequence=20)
    cut = Event.objects.get(sequence=10)
    tamper(
        "DELETE FROM audit_event WHERE sequence > 10",
        f"UPDATE audit_head SET sequence = 10, digest = '{cut.digest}'",
    )
    assert checked(settings).ok

    verdict = checked(settings, anchors=[Anchor(20, last.digest)])

    assert (verdict.ok, verdict.first_bad) == (False, 11)
    assert "restored" in verdict.advice


def rewrite(count: int) -> None:
    """Make the whole chain anew with the key, as somebody who has everything but the anchors."""
    with unguarded(connection):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM audit_event")
        Head.objects.all().delete()
    record_many([Entry("thing.done", "thing", 1) for _ in range(count)], actor=None)


def test_d4_a_chain_rewritten_with_the_key_is_found_by_the_anchor(recorded: Any, settings: Any) -> None:
    recorded(10)
    anchors = [Anchor(each.sequence, each.digest) for each in Event.objects.filter(sequence__in=[4, 8])]
    assert checked(settings, anchors=anchors).anchors == 2
    rewrite(12)
    assert checked(settings).ok

    verdict = checked(settings, anchors=anchors)

    assert (verdict.ok, verdict.first_bad) == (False, 1)
    assert "rewritten" in verdict.problem


def test_d4_an_anchor_of_the_future_is_found(recorded: Any, settings: Any) -> None:
    recorded(3)

    verdict = checked(settings, anchors=[Anchor(9, "0" * 64, "2030-01-01")])

    assert (verdict.ok, verdict.first_bad) == (False, 4)
    assert "2030-01-01" in verdict.problem


def test_only_the_tail_is_read_from_where_the_last_check_ended(recorded: Any, tamper: Tamper, settings: Any) -> None:
    recorded(5)
    place = checked(settings).last
    recorded(5)
    assert checked(settings, start=place).events == 5

    tamper("UPDATE audit_event SET reason = 'x' WHERE sequence = 7")
    assert checked(settings, start=place).first_bad == 7
    assert checked(settings, start=Place(5, "f" * 64)).first_bad == 5


def test_what_is_no_text_in_a_row_is_named_too(recorded: Any, tamper: Tamper, settings: Any) -> None:
    if connection.vendor != "sqlite":
        return
    recorded(10)
    tamper("UPDATE audit_event SET reason = CAST(x'ff' AS TEXT) WHERE sequence = 6")

    assert checked(settings).first_bad == 6


def test_a_key_that_is_missing_is_no_good_chain(recorded: Any, settings: Any) -> None:
    recorded(2)
    key = Path(settings.AUDIT_KEY_FILE)
    key.write_text("ab" * 32)

    verdict = checked(settings)

    assert (verdict.ok, verdict.first_bad) == (False, 1)
    assert "key" in verdict.advice
    assert isinstance(load_keys(key), Keys)


def test_an_empty_trail_is_whole(settings: Any, recorded: Any) -> None:
    recorded(1)
    rewrite(0)

    assert checked(settings).ok
