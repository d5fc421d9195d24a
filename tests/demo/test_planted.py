import json
import re
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest

import posture.demo
from inventory.detection.hyperscan_engine import load_engine
from posture.demo.description import Where
from posture.demo.values import Values
from tests.demo.conftest import SEED

pytestmark = pytest.mark.slow

TOKENS = re.compile(
    r"(AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_\w{36}|glpat-[\w-]{20}|sk_live_[A-Za-z0-9]{20}|xox[bp]-\d{8}|SG\.[\w-]{20}\."
    r"|AIza[\w-]{35}|npm_\w{36}|-----BEGIN [A-Z ]*PRIVATE KEY-----|eyJ[\w-]{10,}\.eyJ|hooks\.slack\.com/services/T"
)


def value_of(planted):
    """The value, drawn again as only somebody who has the seed can."""
    return Values(SEED).get(planted.name, planted.kind)


def where_it_stands(git, planted):
    value = value_of(planted)
    if value in git.at("main", planted.repository, planted.path):
        return Where.TIP
    if any(value in git.at(ref, planted.repository, planted.path) for ref in git.refs(planted.repository)):
        return Where.REF
    if any(value in content for content in git.versions(planted.repository, planted.path)):
        return Where.HISTORY
    return None


def test_every_planted_secret_stands_where_it_is_said_to(organisation, git):
    for planted in organisation.planted:
        assert where_it_stands(git, planted) is planted.where, planted


def test_all_three_places_occur_and_one_value_joins_two_teams(organisation):
    teams = {each.name: each.team for each in organisation.repositories}
    by_value = {}
    for planted in organisation.planted:
        by_value.setdefault(planted.name, set()).add(teams[planted.repository])

    assert {planted.where for planted in organisation.planted} == set(Where)
    assert by_value["ledger-reader"] == {"payments", "data"}


def test_teams_differ_in_what_was_planted(organisation):
    teams = {each.name: each.team for each in organisation.repositories}
    counts = Counter(teams[planted.repository] for planted in organisation.planted)

    assert counts["platform"] == 0
    assert counts["identity"] == 1
    assert min(counts["payments"], counts["data"]) >= 5
    assert counts[None] >= 3


def test_a_public_repository_holds_a_cloud_key(organisation):
    public = {each.name for each in organisation.repositories if each.visibility == "public"}

    assert any(each.repository in public and each.kind == "aws-secret-access-key" for each in organisation.planted)


def test_no_value_is_in_the_description_or_beside_the_repositories(organisation):
    told = repr(organisation) + json.dumps(asdict(organisation), default=str)
    told += "".join(place.read_text() for place in organisation.root.parent.iterdir() if place.is_file())

    assert not [planted for planted in organisation.planted if value_of(planted) in told]


def test_our_own_source_holds_no_secret(tmp_path):
    engine = load_engine(tmp_path)

    for source in [*Path(posture.demo.__file__).parent.rglob("*.py"), *Path(__file__).parent.rglob("*.py")]:
        assert not TOKENS.search(source.read_text()), source
        assert not [(finding.rule, finding.line) for finding in engine.scan(source.read_bytes())], source


@pytest.fixture(scope="module")
def found(organisation, git, tmp_path_factory):
    """How many different values the scanner finds at each path, over every blob of every ref."""
    engine = load_engine(tmp_path_factory.mktemp("engine"))
    known = {}
    places = set()
    for repository in organisation.repositories:
        log = git(repository.name, "log", "--all", "--root", "-m", "--raw", "--no-abbrev", "--format=")
        for line in filter(None, log.splitlines()):
            facts, path = line.split("\t")
            _, mode, _, blob, _ = facts.split()
            if mode in {"100644", "100755"}:
                if blob not in known:
                    known[blob] = engine.scan(git(repository.name, "cat-file", "blob", blob).encode())
                places |= {(repository.name, path, finding.value) for finding in known[blob]}
    return Counter((repository, path) for repository, path, _ in places)


def test_the_scanner_finds_each_planted_value_once(organisation, found):
    planted = Counter((each.repository, each.path) for each in organisation.planted)

    assert {place: found[place] for place in planted} == planted


def test_the_scanner_finds_nothing_in_decoys_lock_files_and_code(organisation, found):
    planted = {(each.repository, each.path) for each in organisation.planted}

    assert set(found) - planted == set()
