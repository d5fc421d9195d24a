"""Recall and false positives on labelled corpora that others made, which lie outside this repository."""

import importlib.util
import json
import os
from pathlib import Path

import pytest

from inventory.detection.worktree import WorktreeScan

FOLDER = os.environ.get("POSTURE_CORPORA", "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not FOLDER,
        reason="outside the repository: set POSTURE_CORPORA to the folder with score.py and corpora.tar.xz",
    ),
]

# Corpus → least found, most flagged in vain. Raise the floor when the scanner gets better.
FLOORS = {
    "fake-leaks": (113, 29),
    "leaky-repo": (63, 0),
    "noseyparker": (309, 29),
    "kingfisher-2025": (550, 0),
}


@pytest.fixture(scope="module")
def scorer():
    spec = importlib.util.spec_from_file_location("score", Path(FOLDER) / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def corpora(scorer, tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("corpora")
    scorer.unpack(str(target))
    return target


@pytest.mark.parametrize("corpus", FLOORS)
def test_a_corpus_is_found_as_well_as_ever(engine, scorer, corpora, tmp_path, corpus):
    report = tmp_path / "report.json"
    report.write_text(json.dumps(list(WorktreeScan(engine, corpora / corpus).findings())))

    outcome = scorer.score(str(corpora / corpus), corpus, str(report))

    least, most = FLOORS[corpus]
    assert outcome["found"] >= least
    assert outcome.get("false", outcome.get("extra")) <= most
