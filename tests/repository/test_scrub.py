from datetime import UTC, datetime
from functools import partial
from io import BytesIO

import pytest

from inventory.collector import (
    AssetFactsRecord,
    CollectorError,
    DoneRecord,
    Evidence,
    ExposureRecord,
    SkipRecord,
    StandingRecord,
)
from inventory.detection.hyperscan_engine import load_engine
from inventory.repository import child
from inventory.repository.command import GitFailed
from inventory.repository.scrub import REDACTED, Scrubber
from tests.repositories import github_token


def scrubber(tmp_path_factory):
    return Scrubber(load_engine(tmp_path_factory.getbasetemp() / "engine"))


def test_w32_a_value_in_a_name_is_taken_out_the_same_way_everywhere(tmp_path_factory):
    token = github_token()
    clean = scrubber(tmp_path_factory)
    evidence = Evidence("0" * 40, token, f"{token}@halden.example", datetime(2026, 1, 1, tzinfo=UTC), "1" * 40, 3)
    path = f"keys/{token}.env"

    exposure = clean.record(ExposureRecord(path, "f", "r", evidence, evidence, evidence))
    standing = clean.record(StandingRecord(frozenset({(path, "f")}), frozenset({(path, "g")})))
    facts = clean.record(AssetFactsRecord(f"refs/heads/{token}", "0" * 40, f"# {token}\n* @halden/payments\n"))
    skip = clean.record(SkipRecord("too large", path))
    done = clean.record(DoneRecord({"skips": [["scan", "too large", path, 1, True]]}, True, {}))

    for record in (exposure, standing, facts, skip, done):
        assert token not in repr(record)
    assert exposure.path == f"keys/{REDACTED}.env"
    assert (exposure.path, "f") in standing.tip
    assert facts.codeowners.endswith("* @halden/payments\n")


def test_names_without_a_value_stay_as_they_are(tmp_path_factory):
    clean = scrubber(tmp_path_factory)

    for text in ("app/settings.py", "Tomas Ek", "refs/heads/main", "a\nb<c>.env", "", "ünïcode/…", "\\xff"):
        assert clean.text(text) == text


@pytest.mark.parametrize("fault", [ValueError, CollectorError, partial(GitFailed, code=128)])
def test_d1_no_fault_of_a_read_repeats_a_value(tmp_path_factory, monkeypatch, fault):
    token = github_token()
    sent = BytesIO()

    def fail(*arguments):
        raise fault(f"fatal: bad ref refs/heads/{token}")

    monkeypatch.setattr(child, "read_repository", fail)

    code = child.read_it(None, None, scrubber(tmp_path_factory), child.Output(sent), [], None)

    assert code == 1
    assert sent.getvalue()
    assert token.encode() not in sent.getvalue()
