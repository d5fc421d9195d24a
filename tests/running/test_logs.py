"""Log lines: one record, one line, whatever stands in it."""

from __future__ import annotations

import json
import logging
import sys

from posture.common.logs import JSONLines
from posture.common.secret_value import SecretValue


def line(message: str, *arguments: object, **more: object) -> str:
    return JSONLines().format(logging.LogRecord("inventory", logging.ERROR, "", 0, message, arguments, None, **more))


def test_text_from_outside_forges_no_second_line() -> None:
    written = line("skipped %s", 'a\n{"level": "critical"}\r\x1b[2J\u2028')

    assert len(written.splitlines()) == 1
    assert "\x1b" not in written
    assert json.loads(written)["message"].startswith("skipped a\n")


def test_a_traceback_stays_in_its_record() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        record = logging.LogRecord("inventory", logging.ERROR, "", 0, "failed", (), sys.exc_info())

    written = JSONLines().format(record)

    assert len(written.splitlines()) == 1
    assert json.loads(written)["traceback"].endswith("ValueError: two\nlines")


def test_a_secret_value_is_redacted() -> None:
    assert "redacted" in line("found %s", SecretValue("once upon a time"))
    assert "upon" not in line("found %s", SecretValue("once upon a time"))
