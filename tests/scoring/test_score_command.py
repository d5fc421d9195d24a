"""`manage.py score FILE` without a database."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from posture.scoring.management.commands.score import Command

EXAMPLE = Path(__file__).parent / "worked_example.json"
ROOT = Path(__file__).parents[2]


def printed(*arguments):
    out = StringIO()
    call_command(Command(), *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_json_is_the_card_with_gains_and_costs():
    found = json.loads(printed(EXAMPLE, "--json"))

    assert (found["score"], found["grade"], found["policy_version"]) == (63.01, "D", 1)
    assert found["gains"][0]["action"] == "close e1"
    assert found["gains_count"] == len(found["gains"])
    assert {cost["item"] for cost in found["costs"]} >= {"r4", "reopened"}


def test_the_text_says_the_score_the_pillars_and_what_to_do_next():
    text = printed(EXAMPLE)

    assert text.startswith("payments: 63.01, D, 86% known")
    assert "+7.99  close e1" in text


def test_what_is_not_assessed_is_said_with_what_to_connect(tmp_path):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({"team": "web\x1b[2J", "owned_credentials": 0, "confidence": {}, "exposures": []}))

    text = printed(path)

    assert "Rotation         not assessed  No store of secrets" in text
    assert "not graded" in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON"),
        ('{"team": "a"}', "lacks owned_credentials, confidence"),
        ('{"team": "a", "owned_credentials": -1, "confidence": {}}', "owned_credentials: must be 0 or more"),
    ],
)
def test_a_file_that_cannot_be_scored_says_why(tmp_path, content, message):
    path = tmp_path / "facts.json"
    path.write_text(content)

    with pytest.raises(CommandError, match=message):
        printed(path)


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        printed(tmp_path / "nothing.json")
    with pytest.raises(CommandError, match="cannot be read"):
        printed(tmp_path)


@pytest.mark.slow
def test_it_runs_with_no_database_to_reach_and_makes_none(tmp_path):
    environment = {
        **os.environ,
        "POSTURE_DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    }

    done = subprocess.run(
        [sys.executable, "manage.py", "score", str(EXAMPLE), "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
        timeout=60,
    )

    assert json.loads(done.stdout)["score"] == 63.01
    assert not (tmp_path / "data").exists()
