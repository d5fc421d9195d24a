import json

import pytest
from django.core.management import CommandError, call_command

from tests.repositories import Repository, github_token

pytestmark = pytest.mark.slow


@pytest.fixture
def scan(capsys, monkeypatch, tmp_path_factory):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))

    def run(path, *options):
        with pytest.raises((SystemExit, CommandError)) as ended:
            call_command("scan", str(path), *options)
        code = getattr(ended.value, "returncode", None) or getattr(ended.value, "code", 0)
        said = capsys.readouterr()
        return code, said.out, said.err + str(ended.value)

    return run


def test_a_folder_with_a_secret_exits_1_and_tells_the_place_and_never_the_value(scan, tmp_path):
    token = github_token()
    (tmp_path / "app.env").write_text(f"A=1\nGITHUB_TOKEN={token}\n")

    code, out, err = scan(tmp_path, "--json")

    assert code == 1
    assert json.loads(out) == [
        {"path": "app.env", "line": 2, "end_line": 2, "rule": "github-pat", "confidence": "high"}
    ]
    assert token not in out + err


def test_a_clean_folder_exits_0_with_an_empty_list(scan, tmp_path):
    (tmp_path / "app.py").write_text("print('hello')\n")

    code, out, _ = scan(tmp_path, "--json")

    assert (code, json.loads(out)) == (0, [])


def test_what_is_not_there_or_no_repository_exits_2_and_says_what_to_do(scan, tmp_path):
    assert scan(tmp_path / "none")[0] == 2
    code, _, err = scan(tmp_path, "--history")

    assert code == 2
    assert "no git repository" in err


def test_history_finds_what_the_working_copy_no_longer_has(scan, tmp_path):
    repository = Repository(tmp_path / "r")
    first = repository.commit({"old.env": f"GITHUB_TOKEN={github_token()}\n"})
    (repository.folder / "old.env").unlink()
    repository.commit({"README.md": "Nothing.\n"})

    assert scan(repository.folder)[0] == 0
    code, out, _ = scan(repository.folder, "--history", "--json")

    assert code == 1
    assert [(row["path"], row["commit"]) for row in json.loads(out)] == [("old.env", first)]


def test_a_file_that_could_not_be_read_is_never_called_clean(scan, tmp_path, monkeypatch):
    monkeypatch.setattr("inventory.detection.worktree.LARGEST_FILE", 10)
    (tmp_path / "large.txt").write_text("x" * 100)

    code, _, err = scan(tmp_path)

    assert code == 2
    assert "Not scanned, " in err
