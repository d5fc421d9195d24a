"""Log lines: one record, one line, whatever stands in it."""

from __future__ import annotations

import json
import logging
import secrets
import sys
from pathlib import Path

from django.db import OperationalError

from posture.common.logs import JSONLines
from posture.common.secret_value import SecretValue


def line(message: str, *arguments: object, **more: object) -> str:
    return JSONLines().format(logging.LogRecord("inventory", logging.ERROR, "", 0, message, arguments, None, **more))


def test_text_from_outside_forges_no_second_line() -> None:
    written = line("skipped %s", 'a\n{"level": "critical"}\r\x1b[2J\u2028')

    assert len(written.splitlines()) == 1
    assert "\x1b" not in written
    assert json.loads(written)["message"].startswith("skipped a\n")


def failed(act) -> str:
    """Return the line that is written of an error."""
    try:
        act()
    except (ValueError, TypeError, KeyError, OSError, OperationalError):
        record = logging.LogRecord("inventory", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    return JSONLines().format(record)


def test_a_traceback_stays_in_its_record() -> None:
    written = failed(lambda: int("two\nlines"))

    assert len(written.splitlines()) == 1
    assert json.loads(written)["traceback"].startswith("ValueError\n  at tests/running/test_logs.py:")


def test_d1_an_error_is_logged_by_its_kind_and_place_and_never_by_its_words() -> None:
    """The words quote what could not be understood, and that may be a value."""
    value = secrets.token_hex(16)

    def parse() -> None:
        try:
            json.loads(f'{{"password": "{value}"')
        except ValueError as error:
            raise TypeError(f"cannot read {value}") from error

    def again() -> None:
        try:
            parse()
        except TypeError:
            raise KeyError(value) from None

    for act, kinds in ((parse, ["TypeError", "JSONDecodeError"]), (again, ["KeyError"])):
        trace = json.loads(failed(act))["traceback"]
        assert value not in trace
        assert [part.split()[0] for part in trace.split("because of ")] == kinds
        assert "in parse" in trace or "in again" in trace


def test_what_the_machine_or_the_database_says_is_logged() -> None:
    def locked() -> None:
        raise OperationalError("database is locked\nDETAIL: more")

    assert "OperationalError: database is locked\n" in json.loads(failed(locked))["traceback"]
    gone = json.loads(failed(lambda: Path("/nonexistent/x").read_text()))["traceback"]
    assert gone.startswith("FileNotFoundError: No such file or directory\n")


def test_a_secret_value_is_redacted() -> None:
    assert "redacted" in line("found %s", SecretValue("once upon a time"))
    assert "upon" not in line("found %s", SecretValue("once upon a time"))
