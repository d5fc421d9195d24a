"""Names stay the same from read to read, whatever each read happens to meet (SECURITY W32)."""

import secrets
import string

import pytest

from inventory.collector import ExposureRecord, RetoldRecord, StandingRecord
from inventory.name_records import text_digest
from inventory.repository import scanning
from inventory.repository.reading import read_repository
from inventory.repository.scrub import REDACTED, Scrubber
from tests.repository.workbench import Reading, new_secret, secret_file


def password():
    return "vT7x" + "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(16))


def setting(value):
    return f"DB_PASSWORD={value}\n"


@pytest.fixture
def read(workbench):
    """Reads a repository as the child does, on top of what its last read left."""

    def read(repository, *, again=True, texts=()):
        target = workbench.target(repository.path)
        known = workbench.blobs.setdefault("known", {}) if again else {}
        cursor = workbench.cursors.get("cursor", {}) if again else {}
        scrubber, records = Scrubber(workbench.engine), []
        read_repository(
            workbench.job(target, cursor),
            scrubber,
            workbench.key,
            lambda record: records.append(scrubber.record(record)),
            lambda: iter(list(known.values())),
            texts=lambda: iter(texts),
        )
        reading = Reading(records, workbench.key)
        known.update({record.blob: record for record in reading.records if hasattr(record, "findings")})
        workbench.cursors["cursor"] = dict(reading.done.cursor)
        return reading

    return read


def paths(reading):
    return {record.path for record in reading.of(ExposureRecord)}


def stands(reading):
    return {path for record in reading.of(StandingRecord) for path, _ in record.tip | record.refs}


def test_w32_a_value_found_by_its_context_stands_in_no_name_that_leaves_the_child(read, repository):
    value, token = password(), new_secret()
    names = {"GIT_AUTHOR_NAME": value, "GIT_AUTHOR_EMAIL": f"{value}@halden.example"}
    repository.commit({f"backup-{value}.env": setting(value), "CODEOWNERS": f"# {value}\n* @pay\n"}, **names)
    repository.commit({f"d/{token[:20]}/{token[20:]}": f"token: {token}\n"}, message=value)
    repository.git("branch", "--move", f"fix-{value}")

    reading = read(repository)

    said = repr(reading.records)
    assert value not in said
    assert token not in said
    assert token[20:] not in said
    assert {f"backup-{REDACTED}.env", f"d/{REDACTED}"} <= paths(reading)
    assert reading.facts.default_ref == f"refs/heads/fix-{REDACTED}"


def test_w32_a_later_read_tells_the_same_names_though_it_meets_none_of_the_values(read, repository):
    value = password()
    repository.commit({f"x{value}y/settings.env": setting(value)})
    first = read(repository)
    repository.commit({"other.txt": secret_file(new_secret())})

    later = read(repository)

    assert not later.done.full
    assert stands(first) <= stands(later)
    assert stands(later) == stands(read(repository, again=False))


def test_w32_a_known_value_in_a_path_that_is_new_is_taken_out_of_it(read, repository):
    value, token = password(), new_secret()
    repository.commit({"settings.env": setting(value), "a.txt": secret_file(token)})
    read(repository)
    repository.commit({f"copies/{value}/a.txt": secret_file(token)})

    later = read(repository)

    assert paths(later) == {f"copies/{REDACTED}/a.txt"}


def test_w32_a_value_that_no_commit_reaches_any_more_is_still_taken_out(read, repository):
    value, token = password(), new_secret()
    repository.commit({f"{value}.txt": secret_file(token)})
    kept = repository.head()
    repository.commit({"settings.env": setting(value)})
    read(repository)
    repository.git("reset", "--quiet", "--hard", kept)
    repository.commit({"b.txt": "nothing\n"})

    later = read(repository)

    assert later.done.full
    assert paths(later) == {f"{REDACTED}.txt"}


def test_w32_a_name_told_before_its_value_was_found_is_told_anew(read, repository):
    value, token = password(), new_secret()
    old = f"backup-{value}.txt"
    repository.commit({old: secret_file(token)}, GIT_AUTHOR_NAME=value)
    assert paths(read(repository)) == {old}
    repository.commit({"settings.env": setting(value)})

    later = read(repository, texts=[old, value, "Ann", "src/main.py"])

    (retold,) = later.of(RetoldRecord)
    assert retold.texts == {text_digest(old): f"backup-{REDACTED}.txt", text_digest(value): REDACTED}
    assert later.records.index(retold) < later.records.index(later.standing)
    assert f"backup-{REDACTED}.txt" in stands(later)
    assert not later.done.full


def test_names_are_asked_for_only_when_a_value_is_new(read, repository):
    token = new_secret()
    repository.commit({"a.txt": secret_file(token)})
    read(repository)
    repository.commit({"b.txt": secret_file(token) + b"\n"})

    later = read(repository, texts=["a.txt"])

    assert later.done.counts["blobs"] == 1
    assert not later.of(RetoldRecord)


def test_values_are_recalled_from_one_small_file_each_and_within_a_bound(read, repository, monkeypatch):
    value = password()
    repository.commit({"long.env": "#\n" * 5000 + setting(value), "short.env": setting(value)})
    read(repository)
    seen = []
    scan = Scrubber.scan_fully
    monkeypatch.setattr(Scrubber, "scan_fully", lambda self, content: seen.append(len(content)) or scan(self, content))
    repository.commit({"c.txt": "nothing\n"})
    read(repository)
    assert seen == [len("nothing\n"), len(setting(value))]
    seen.clear()
    monkeypatch.setattr(scanning, "MOST_RECALLED_BYTES", 10)
    repository.commit({"d.txt": "nothing!\n"})

    read(repository)

    assert seen == [len("nothing!\n")]
