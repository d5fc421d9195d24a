import subprocess
from datetime import datetime, timedelta

import pytest

from posture.demo.description import DemoError
from posture.demo.repositories import build
from posture.demo.values import MAKERS, Values
from tests.demo.conftest import NOW, SEED, Git

pytestmark = pytest.mark.slow


def with_commits(organisation):
    return [each.name for each in organisation.repositories if each.note != "empty"]


def test_every_described_repository_is_there_and_no_other(organisation):
    there = {place.name for place in organisation.root.iterdir()}

    assert there == {f"{each.name}.git" for each in organisation.repositories}
    assert 28 <= len(there) <= 36


def test_git_finds_no_fault_in_any_repository(organisation, git):
    for repository in organisation.repositories:
        assert git(repository.name, "fsck", "--strict", "--no-dangling") == ""


def test_only_the_empty_repository_has_no_commit(organisation, git):
    counts = {each.name: int(git(each.name, "rev-list", "--all", "--count")) for each in organisation.repositories}

    assert [name for name, count in counts.items() if count == 0] == ["incident-runbooks"]
    assert sum(counts.values()) > 1_500


def test_a_shallow_copy_is_marked_as_one(organisation, git):
    shallow = [
        name for name in with_commits(organisation) if git(name, "rev-parse", "--is-shallow-repository") == "true\n"
    ]

    assert shallow == ["tax-rules"]


def test_histories_span_months_and_end_before_now(organisation, git):
    for name in with_commits(organisation):
        dates = [datetime.fromisoformat(line) for line in git(name, "log", "--all", "--format=%cI").split()]

        assert max(dates) <= NOW
        assert max(dates) - min(dates) > timedelta(days=60)
        assert NOW - max(dates) < timedelta(days=30)


def test_no_commit_is_older_than_its_parents(organisation, git):
    for name in with_commits(organisation):
        when = {}
        for line in git(name, "log", "--all", "--reverse", "--topo-order", "--format=%H %ct %P").splitlines():
            commit, at, *parents = line.split()
            when[commit] = int(at)
            assert all(when.get(parent, 0) <= int(at) for parent in parents)


def test_several_people_of_the_organisation_write_and_merge(organisation, git):
    for name in with_commits(organisation):
        emails = set(git(name, "log", "--all", "--format=%ae").split())

        assert len(emails) >= 3
        assert all(email.endswith("@halden.example") for email in emails)
        if name != "tax-rules":
            assert int(git(name, "rev-list", "--all", "--merges", "--count")) >= 2
        assert git(name, "tag")


def test_merged_branches_are_gone_and_a_few_are_still_open(organisation, git):
    others = {
        ref.removeprefix("refs/heads/")
        for name in with_commits(organisation)
        for ref in git.refs(name)
        if not ref.startswith("refs/tags/") and ref != "refs/heads/main"
    }

    assert "spike/local-signing" in others
    assert 2 <= len(others) <= 15
    assert all(other.startswith(("feature/", "spike/")) for other in others)


def test_the_ios_application_has_a_submodule_and_large_files(organisation, git):
    files = git("mobile-ios", "ls-tree", "-r", "main")

    assert "160000 commit" in files
    assert git.at("main", "mobile-ios", "Assets/map.png").startswith("version https://git-lfs")


def test_codeowners_name_handles_of_the_teams(organisation, git):
    handles = {handle for team in organisation.teams for handle in team.handles}
    named = {
        word
        for name in with_commits(organisation)
        for word in git.at("main", name, ".github/CODEOWNERS").split()
        if word.startswith("@")
    }

    assert named == handles


def test_the_same_seed_makes_the_same_repositories(organisation, git, tmp_path):
    again = Git(build(tmp_path, seed=SEED, now=NOW).root)

    for repository in organisation.repositories:
        if repository.note != "empty":
            assert again(repository.name, "show-ref") == git(repository.name, "show-ref")


def test_without_a_seed_secrets_differ_each_time():
    assert all(Values().get("one", kind) != Values().get("one", kind) for kind in MAKERS)


def test_a_second_build_keeps_what_is_there(organisation, git):
    before = git("ledger", "show-ref")

    again = build(organisation.root.parent, now=NOW + timedelta(days=30))

    assert again == organisation
    assert git("ledger", "show-ref") == before


def test_a_folder_of_somebody_else_is_refused_and_left_alone(tmp_path):
    (tmp_path / "halden").mkdir()
    (tmp_path / "halden" / "thesis.txt").write_text("mine")

    with pytest.raises(DemoError, match="move it away or choose another folder"):
        build(tmp_path)

    assert (tmp_path / "halden" / "thesis.txt").read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(DemoError, match="file cannot be written"):
        build(tmp_path / "file")


def test_an_interrupted_build_leaves_nothing_and_can_be_done_again(tmp_path):
    def interrupt(done, total, name):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, progress=interrupt)

    assert list(tmp_path.iterdir()) == []
    assert build(tmp_path, seed=SEED, now=NOW).root.is_dir()


def test_progress_tells_each_repository_and_the_end(tmp_path):
    told = []

    organisation = build(tmp_path, progress=lambda *step: told.append(step))

    total = len(organisation.repositories)
    assert [name for _, _, name in told[:-1]] == [each.name for each in organisation.repositories]
    assert told[-1] == (total, total, "")


def test_git_reads_no_configuration_of_the_person(tmp_path, monkeypatch):
    (tmp_path / ".gitconfig").write_text("[init]\n\ttemplateDir = /nonexistent\n[fastimport]\n\tunpackLimit = bad\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))

    organisation = build(tmp_path / "data", seed=SEED, now=NOW)

    assert len(list(organisation.root.iterdir())) == len(organisation.repositories)
    assert not (tmp_path / "elsewhere").exists()


def test_the_whole_set_stays_small(organisation):
    size = subprocess.run(["du", "-sk", organisation.root], capture_output=True, check=True).stdout

    assert int(size.split()[0]) < 15_000
