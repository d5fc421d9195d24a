"""What is written down, and that nothing happens without it."""

from __future__ import annotations

import os
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from posture.audit.models import Event, Head
from posture.audit.services import AuditUnavailable, Entry, EntryRefused, OutsideTransaction, record, record_many
from tests.audit.conftest import checked
from tests.factories import EngineerFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_act_is_told_with_everything_that_was_said_of_it() -> None:
    person = UserFactory()
    entry = Entry("incident.claimed", "incident", 7, 3, "open", "claimed", "Mine\nsince today", {"evidence": [1, 2]})

    record(entry, actor=person)

    event = Event.objects.get()
    assert (event.sequence, event.actor, event.verb, event.subject) == (1, person, "incident.claimed", "incident")
    assert (event.subject_id, event.team_id, event.before, event.after) == (7, 3, "open", "claimed")
    assert (event.reason, event.data) == ("Mine\nsince today", {"evidence": [1, 2]})
    assert event.at.tzinfo is UTC


def test_events_about_some_things_come_newest_last(recorded: Any) -> None:
    recorded(5)
    recorded(5)

    assert [event.sequence for event in Event.objects.about("thing", [1, 3])] == [2, 4, 7, 9]


def test_each_event_follows_the_one_before_it(settings: Any) -> None:
    first = record(Entry("a.b", "thing", 1), actor=None)
    many = record_many([Entry("a.b", "thing", 2), Entry("a.b", "thing", 3)], actor=None)

    assert [many[0].previous, many[1].previous] == [first.digest, many[0].digest]
    assert Head.objects.get().digest == many[1].digest
    assert checked(settings).events == 3


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction() -> None:
    with pytest.raises(OutsideTransaction):
        record(Entry("a.b", "thing", 1), actor=None)


def test_control_characters_never_reach_the_trail() -> None:
    event = record(Entry("a.b", "thing", 1, after="x\ny", reason="a\x00b\x1b[31m\u202e\ud800"), actor=None)

    assert (event.after, event.reason) == ("x y", "a\ufffdb\ufffd[31m\ufffd\ufffd")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"verb": "Not a word"}, "verb"),
        ({"subject": "x" * 65}, "subject"),
        ({"subject_id": -1}, "subject_id"),
        ({"before": "x" * 501}, "before"),
        ({"reason": "x" * 4001}, "reason"),
        ({"data": {"when": object()}}, "data"),
        ({"data": {"number": float("nan")}}, "data"),
        ({"data": {"long": "x" * 16_000}}, "data"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(wrong: dict[str, Any], named: str) -> None:
    entry = Entry(**({"verb": "a.b", "subject": "thing", "subject_id": 1} | wrong))

    with pytest.raises(EntryRefused, match=named):
        record(entry, actor=None)


def refuse_inserts() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER disk_full BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        else:
            cursor.execute(
                "CREATE TRIGGER disk_full BEFORE INSERT ON audit_event EXECUTE FUNCTION audit_event_refuse()"
            )


def test_p1_no_row_no_act() -> None:
    team, person = TeamFactory(name="Before"), EngineerFactory()
    refuse_inserts()

    def rename() -> None:
        with transaction.atomic():
            type(team).objects.filter(pk=team.pk).update(name="After")
            record(Entry("team.renamed", "team", team.pk), actor=person)

    with pytest.raises(AuditUnavailable):
        rename()

    team.refresh_from_db()
    assert team.name == "Before"
    assert not Event.objects.exists()


def test_the_key_is_made_once_and_for_its_owner_only(settings: Any) -> None:
    record(Entry("a.b", "thing", 1), actor=None)

    key = Path(settings.AUDIT_KEY_FILE)
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_text().strip() not in str(Event.objects.values())


def test_a_lost_key_is_told_and_not_replaced(settings: Any) -> None:
    record(Entry("a.b", "thing", 1), actor=None)
    Path(settings.AUDIT_KEY_FILE).unlink()

    with pytest.raises(AuditUnavailable, match="Restore it"):
        record(Entry("a.b", "thing", 2), actor=None)

    assert not Path(settings.AUDIT_KEY_FILE).exists()


def test_a_key_that_others_may_read_writes_nothing(settings: Any) -> None:
    record(Entry("a.b", "thing", 1), actor=None)
    os.chmod(settings.AUDIT_KEY_FILE, 0o644)

    with pytest.raises(AuditUnavailable, match="chmod 600"):
        record(Entry("a.b", "thing", 2), actor=None)


def test_a_new_key_writes_and_the_old_one_still_verifies(settings: Any) -> None:
    record(Entry("a.b", "thing", 1), actor=None)
    key = Path(settings.AUDIT_KEY_FILE)
    key.write_text(key.read_text() + os.urandom(32).hex() + "\n")
    os.utime(key, (1, 1))
    record(Entry("a.b", "thing", 2), actor=None)

    assert checked(settings).ok
    assert len(set(Event.objects.values_list("key_id", flat=True))) == 2


def test_d13_a_person_who_is_removed_leaves_a_number_and_a_whole_chain(settings: Any) -> None:
    person = UserFactory()
    record(Entry("a.b", "thing", 1), actor=person)
    number = person.pk
    person.delete()

    event = Event.objects.with_actors().get()
    assert (event.actor_id, event.actor) == (number, None)
    assert checked(settings).ok
