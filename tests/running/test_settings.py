"""What the settings promise about background work; the catalogue's rows are in the names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command, get_commands

from posture.celery import app
from posture.dashboards.management.commands.up import environment, programs


def test_j9_two_schedules_ask_the_same_question_and_old_asking_expires() -> None:
    entries = app.conf.beat_schedule.values()

    assert {entry["task"] for entry in entries} == {
        "inventory.tasks.dispatch_due",
        "posture.notify.tasks.forget_old_messages",
        "posture.notify.tasks.send_messages",
        "posture.tasks.advance_pipeline",
        "posture.tasks.tidy",
        "posture.tasks.watch_audit",
    }
    for entry in entries:
        # After a pause a burst of old messages must not run one after the other.
        assert entry["options"]["expires"] <= 10 * entry["schedule"]
        # No arguments: what is due stands in the rows, so asking twice changes nothing.
        assert not entry.get("args")
        assert not entry.get("kwargs")


def test_j9_one_schedule_process_is_started_and_none_inside_the_worker() -> None:
    commands = {program.name: list(program.command) for program in programs()}

    assert sorted(commands) == ["beat", "web", "worker"]
    assert not {"-B", "--beat"} & set(commands["worker"])


def test_j9_times_are_utc() -> None:
    assert app.conf.timezone == settings.TIME_ZONE == "UTC"
    assert app.conf.enable_utc


def test_j17_messages_are_json_and_nobody_controls_workers_from_afar() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.task_ignore_result
    assert app.conf.result_backend is None
    assert not app.conf.worker_enable_remote_control


def test_every_task_of_the_schedule_exists() -> None:
    app.loader.import_default_modules()

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_the_commands_of_the_product_are_there() -> None:
    assert {"up", "collect", "apply", "signin"} <= set(get_commands())


def test_children_find_their_files_from_any_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_SECRET_KEY_FILE", "keys/secret")

    own = environment()

    assert own["POSTURE_SECRET_KEY_FILE"].startswith("/")
    assert own["POSTURE_DATA_DIR"].startswith("/")


def test_no_program_is_given_a_secret_on_its_command_line() -> None:
    lines = json.dumps([list(program.command) for program in programs()])

    assert settings.SECRET_KEY not in lines


def test_an_empty_data_folder_passes_the_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands check before they make anything."""
    monkeypatch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", tmp_path / "not-there")

    call_command("check")
