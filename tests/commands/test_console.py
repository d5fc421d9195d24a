"""The command line as a first-time user meets it."""

import re

import pytest

from posture.console import Console, own_commands


def run(*arguments):
    Console(["posture", *arguments]).execute()


@pytest.mark.parametrize("asked", [[], ["--help"], ["-h"], ["help"]])
def test_help_shows_our_commands_with_a_line_each_and_none_of_djangos(capsys, asked):
    run(*asked)

    said = capsys.readouterr().out
    for name in ("up", "collect", "scan", "apply", "signin", "demo", "score"):
        assert re.search(rf"^  {name} +\S.*\.$", said, re.MULTILINE), name
    assert "migrate" not in said
    assert "posture COMMAND --help" in said


def test_every_command_of_ours_says_what_it_does():
    assert all(command.help for command in own_commands().values())


def test_djangos_commands_are_there_for_those_who_ask(capsys):
    run("help", "--all")

    said = capsys.readouterr().out
    assert "migrate" in said
    assert "collect" in said


def test_help_on_one_command_tells_its_options(capsys):
    run("help", "collect")

    assert "--source NAME" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("colect", "Did you mean collect?"), ("scann", "Did you mean scan?"), ("migrat", "Did you mean migrate?"),
     ("qqqq", "There are apply, collect, demo")],
)  # fmt: skip
def test_a_command_that_does_not_exist_is_answered_with_what_may_be_meant(capsys, typed, answer):
    with pytest.raises(SystemExit) as left:
        run(typed)

    assert left.value.code == 2
    assert answer in capsys.readouterr().err


def test_the_version_is_the_products(capsys):
    run("--version")

    assert capsys.readouterr().out.strip() in {"0.1.0", "not installed"}
