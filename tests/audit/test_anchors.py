"""Anchors leave the database at once, seldom, and survive what is wrong with a disk."""

from __future__ import annotations

import json
import logging
import os
import time
from typing import Any

import pytest
from django.db import transaction

from posture.audit.anchors import (
    EVERY_EVENTS,
    Anchor,
    AnchorError,
    anchor_file,
    anchor_when_due,
    given_anchors,
    read_anchors,
    write_anchor,
)
from posture.audit.models import Event
from posture.audit.services import Entry, record
from posture.audit.state import anchor_what_is_new

D = "ab" * 32


@pytest.mark.django_db(transaction=True)
def test_d4_the_head_is_anchored_after_the_commit_and_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with transaction.atomic():
        event = record(Entry("a.b", "thing", 1), actor=None)
        assert not anchor_file().exists()

    (anchor,) = read_anchors(anchor_file())
    assert (anchor.sequence, anchor.digest, anchor.key_id) == (1, event.digest, event.key_id)
    assert event.digest in caplog.text
    assert anchor_file().stat().st_mode & 0o777 == 0o600
    assert anchor_file().parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_never_anchored() -> None:
    def undone() -> None:
        with transaction.atomic():
            record(Entry("a.b", "thing", 1), actor=None)
            raise KeyError

    with pytest.raises(KeyError):
        undone()

    assert not anchor_file().exists()
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_the_schedule_anchors_what_is_new_and_only_that(recorded: Any) -> None:
    assert not anchor_what_is_new()
    recorded(3)

    assert [anchor_what_is_new(), anchor_what_is_new()] == [True, False]
    assert [each.sequence for each in read_anchors(anchor_file())] == [3]


def test_anchors_are_written_once_a_minute_or_after_many_events() -> None:
    assert anchor_when_due(Anchor(1, D))
    assert not anchor_when_due(Anchor(2, D))
    assert anchor_when_due(Anchor(1 + EVERY_EVENTS, D))

    os.utime(anchor_file(), (time.time() - 61, time.time() - 61))
    assert anchor_when_due(Anchor(2 + EVERY_EVENTS, D))
    assert not write_anchor(Anchor(5, D))


def test_a_full_disk_stops_no_act_and_is_logged(settings: Any, tmp_path: Any, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    settings.AUDIT_ANCHOR_DIR = tmp_path / "file" / "anchors"

    assert not anchor_when_due(Anchor(1, D))
    assert "could not be written" in caplog.text


def test_an_anchor_is_a_file_or_a_number_and_a_digest(tmp_path: Any) -> None:
    file = tmp_path / "copy.jsonl"
    file.write_text(json.dumps({"sequence": 9, "digest": D, "at": "then"}) + "\n")

    assert given_anchors(str(file)) == [Anchor(9, D, "then")]
    assert given_anchors(f"12:{D.upper()}") == [Anchor(12, D)]


@pytest.mark.parametrize("line", ["{", "[]", '{"sequence": 0, "digest": ""}', '{"sequence": 1, "digest": "short"}'])
def test_what_is_no_anchor_is_told_with_its_line(line: str, tmp_path: Any) -> None:
    file = tmp_path / "copy.jsonl"
    file.write_text(f'{{"sequence": 9, "digest": "{D}"}}\n{line}\n')

    with pytest.raises(AnchorError, match="line 2"):
        given_anchors(str(file))
