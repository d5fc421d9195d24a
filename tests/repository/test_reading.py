"""What a first read finds, and where it says that it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.collector import BlobRecord, StandingRecord
from tests.repository.workbench import Repository, Workbench, new_secret, secret_file

Make = Callable[..., Repository]


def test_a_secret_is_found_at_the_tip_on_a_branch_and_in_history_only(
    workbench: Workbench, repository: Repository
) -> None:
    tip, branch, history = new_secret(), new_secret(), new_secret()
    repository.commit({"a.txt": secret_file(tip), "old.txt": secret_file(history)})
    repository.commit({"old.txt": None})
    repository.git("checkout", "--quiet", "-b", "feature")
    repository.commit({"b.txt": secret_file(branch)})
    repository.git("checkout", "--quiet", "main")

    reading = workbench.read(repository)

    assert reading.place(tip, "a.txt") == "tip"
    assert reading.place(branch, "b.txt") == "ref"
    assert reading.place(history, "old.txt") == "history"
    assert not reading.partial
    assert reading.done.full


def test_evidence_names_first_and_latest_introduction_and_removal(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    first = repository.commit(
        {"a.txt": secret_file(secret, 2)}, GIT_AUTHOR_NAME="Bo", GIT_AUTHOR_EMAIL="bo@example.com"
    )
    first_at = datetime.fromtimestamp(repository.clock, UTC)
    repository.commit({"a.txt": None})
    latest = repository.commit({"a.txt": secret_file(secret, 4)})
    removal = repository.commit({"a.txt": "clean\n"})

    exposure = workbench.read(repository).exposures(secret)["a.txt"]

    assert (exposure.first.commit, exposure.first.line, exposure.first.at) == (first, 3, first_at)
    assert (exposure.first.author, exposure.first.email) == ("Bo", "bo@example.com")
    assert (exposure.latest.commit, exposure.latest.line) == (latest, 5)
    assert exposure.removed is not None
    assert exposure.removed.commit == removal
    assert exposure.whole


def test_editing_around_a_secret_is_no_removal(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    repository.commit({"a.txt": secret_file(secret)})
    repository.commit({"a.txt": secret_file(secret, 7)})

    exposure = workbench.read(repository).exposures(secret)["a.txt"]

    assert exposure.removed is None
    assert exposure.latest.line == 8


def test_a_merge_introduces_nothing_that_a_parent_has(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    repository.commit({"a.txt": "clean\n"})
    repository.git("checkout", "--quiet", "-b", "feature")
    introduced = repository.commit({"b.txt": secret_file(secret)})
    repository.git("checkout", "--quiet", "main")
    repository.commit({"c.txt": "clean\n"})
    repository.clock += 3600
    repository.git("merge", "--quiet", "--no-ff", "--message", "Merge", "feature")

    exposure = workbench.read(repository).exposures(secret)["b.txt"]

    assert exposure.first.commit == exposure.latest.commit == introduced


def test_a_merge_that_adds_a_secret_of_its_own_is_its_introduction(
    workbench: Workbench, repository: Repository
) -> None:
    secret = new_secret()
    base = repository.commit({"a.txt": "clean\n"})
    side = repository.raw_commit(repository.tree_of(base), [base])
    blob = repository.store(secret_file(secret))
    evil = repository.raw_commit(repository.tree([("100644", b"evil.txt", blob)]), [base, side])
    repository.git("update-ref", "refs/heads/main", evil)

    exposure = workbench.read(repository).exposures(secret)["evil.txt"]

    assert exposure.first.commit == evil


def test_the_same_value_in_two_files_is_two_exposures_of_one_fingerprint(
    workbench: Workbench, repository: Repository
) -> None:
    secret = new_secret()
    repository.commit({"a.txt": secret_file(secret), "deep/er/b.txt": secret_file(secret, 1)})

    exposures = workbench.read(repository).exposures(secret)

    assert set(exposures) == {"a.txt", "deep/er/b.txt"}


def test_an_identical_file_at_two_paths_is_scanned_once_and_stands_twice(
    workbench: Workbench, repository: Repository
) -> None:
    secret = new_secret()
    repository.commit({"a.txt": secret_file(secret), "b/a.txt": secret_file(secret)})

    reading = workbench.read(repository)

    assert len(reading.of(BlobRecord)) == 1
    assert reading.done.counts["blobs"] == 1
    assert set(reading.exposures(secret)) == {"a.txt", "b/a.txt"}


def test_no_record_holds_a_value(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    repository.commit({"a.txt": secret_file(secret)})

    reading = workbench.read(repository)

    assert reading.exposures(secret)
    assert secret not in repr(reading.records)


def test_an_empty_repository_is_complete_with_a_note(workbench: Workbench, repository: Repository) -> None:
    reading = workbench.read(repository)

    assert reading.skips == {"empty repository": 1}
    assert not reading.partial
    assert reading.done.full
    assert reading.standing == StandingRecord(frozenset(), frozenset())


def test_a_head_that_points_nowhere_is_a_note(workbench: Workbench, make_repository: Make) -> None:
    secret = new_secret()
    repository = make_repository()
    repository.commit({"a.txt": secret_file(secret)})
    repository.git("branch", "--move", "main", "trunk")
    (repository.git_dir / "HEAD").write_text("ref: refs/heads/nowhere\n")

    reading = workbench.read(repository)

    assert reading.place(secret, "a.txt") == "ref"
    assert reading.skips == {"HEAD points nowhere": 1}
    assert not reading.partial


def test_a_bare_repository_is_read_with_its_own_head(workbench: Workbench, make_repository: Make) -> None:
    secret = new_secret()
    repository = make_repository("work")
    repository.commit({"a.txt": secret_file(secret)})
    repository.git("branch", "--move", "main", "develop")
    repository.git("clone", "--quiet", "--bare", ".", "../bare.git")

    reading = workbench.read(repository.path.parent / "bare.git")

    assert reading.facts.default_ref == "refs/heads/develop"
    assert reading.place(secret, "a.txt") == "tip"


def test_the_tip_of_a_working_clone_is_that_of_its_origin(workbench: Workbench, make_repository: Make) -> None:
    pushed, local = new_secret(), new_secret()
    origin = make_repository("origin")
    origin.commit({"a.txt": secret_file(pushed)})
    origin.git("clone", "--quiet", ".", "../clone")
    clone = Repository(origin.path.parent / "clone", init=False)
    clone.commit({"local.txt": secret_file(local)})

    reading = workbench.read(clone)

    assert reading.facts.default_ref == "refs/remotes/origin/main"
    assert reading.place(pushed, "a.txt") == "tip"
    assert reading.place(local, "local.txt") == "ref"


def test_a_detached_head_is_read(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    repository.commit({"a.txt": "clean\n"})
    repository.git("checkout", "--quiet", "--detach")
    repository.commit({"a.txt": secret_file(secret)})

    reading = workbench.read(repository)

    assert reading.place(secret, "a.txt") == "ref"


@pytest.mark.parametrize("ref", ["refs/notes/commits", "refs/stash", "refs/pull/7/head", "refs/tags/light"])
def test_g25_every_kind_of_reference_is_read(workbench: Workbench, repository: Repository, ref: str) -> None:
    secret = new_secret()
    repository.commit({"a.txt": "clean\n"})
    main = repository.head()
    hidden = repository.commit({"hidden.txt": secret_file(secret)})
    repository.git("update-ref", "refs/heads/main", main)
    repository.git("update-ref", ref, hidden)

    assert workbench.read(repository).place(secret, "hidden.txt") == "ref"


def test_g25_a_tag_on_a_blob_and_one_on_a_tree_are_read(workbench: Workbench, repository: Repository) -> None:
    on_blob, on_tree, nested = new_secret(), new_secret(), new_secret()
    repository.commit({"a.txt": "clean\n"})
    blob = repository.store(secret_file(on_blob))
    repository.git("tag", "--annotate", "--message", "Tagged", "blob", blob)
    tagged_at = datetime.fromtimestamp(repository.clock, UTC)
    tree = repository.tree([("100644", b"in-tree.txt", repository.store(secret_file(on_tree)))])
    repository.git("update-ref", "refs/tags/tree", tree)
    commit = repository.raw_commit(repository.tree([("100644", b"n.txt", repository.store(secret_file(nested)))]))
    repository.git("tag", "--annotate", "--message", "Inner", "inner", commit)
    repository.git("tag", "--annotate", "--message", "Outer", "outer", "inner")
    repository.git("tag", "--delete", "inner")

    reading = workbench.read(repository)

    assert reading.place(on_blob, "refs/tags/blob") == "ref"
    assert reading.exposures(on_blob)["refs/tags/blob"].first.at == tagged_at
    assert reading.place(on_tree, "in-tree.txt") == "ref"
    assert reading.place(nested, "n.txt") == "ref"


def test_a_shallow_clone_is_partial(workbench: Workbench, make_repository: Make) -> None:
    secret = new_secret()
    origin = make_repository("origin")
    origin.commit({"a.txt": "clean\n"})
    origin.commit({"a.txt": secret_file(secret)})
    origin.git("clone", "--quiet", "--depth=1", f"file://{origin.path}", "../clone")

    reading = workbench.read(origin.path.parent / "clone")

    assert reading.place(secret, "a.txt") == "tip"
    assert reading.skips == {"shallow clone": 1}
    assert reading.partial


def test_a_submodule_is_counted_and_never_fetched(workbench: Workbench, make_repository: Make) -> None:
    other = make_repository("other")
    other.commit({"a.txt": "clean\n"})
    repository = make_repository("one")
    repository.commit({"a.txt": "clean\n"})
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.path), "libs/other")
    repository.commit({})

    reading = workbench.read(repository)

    assert reading.skips == {"submodule": 1}
    assert not reading.partial
    assert reading.facts.attributes["submodules"] == 1


def test_an_lfs_pointer_is_counted_as_content_not_read(workbench: Workbench, repository: Repository) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345\n"
    repository.commit({"big.bin": pointer, "also.bin": pointer + "\n"})

    reading = workbench.read(repository)

    assert reading.skips == {"content not read": 2}
    assert reading.facts.attributes["lfs"] == 2
    assert not reading.partial


def test_names_with_newlines_brackets_and_invalid_utf8_are_paths_like_any(
    workbench: Workbench, repository: Repository
) -> None:
    secret = new_secret()
    names = [b"new\nline <b>.txt", b"tab\t\x1b[31m.txt", b"caf\xe9/\xff\xfe.txt", "grün.txt".encode(), b"-rf"]
    repository.commit({name: secret_file(secret) for name in names})

    exposures = workbench.read(repository).exposures(secret)

    assert set(exposures) == {"new\nline <b>.txt", "tab\t\x1b[31m.txt", "caf\\xe9/\\xff\\xfe.txt", "grün.txt", "-rf"}


def test_invalid_utf8_in_an_author_is_shown_escaped(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    tree = repository.tree([("100644", b"a.txt", repository.store(secret_file(secret)))])
    commit = b"tree %s\nauthor \xff<i>\xfe <x@y> 1700000000 +0100\ncommitter C <c@y> 1700000001 +0100\n\nM\n"
    repository.git("update-ref", "refs/heads/main", repository.store(commit % tree.encode(), "commit"))

    first = workbench.read(repository).exposures(secret)["a.txt"].first

    assert (first.author, first.email) == ("\\xff<i>\\xfe", "x@y")
    assert first.at == datetime.fromtimestamp(1_700_000_001, UTC)


def test_facts_tell_owners_file_commits_and_last_commit(workbench: Workbench, repository: Repository) -> None:
    repository.commit({"CODEOWNERS": "* @root\n", "docs/CODEOWNERS": "* @docs\n"})
    repository.commit({".github/CODEOWNERS": "* @team\n"})

    facts = workbench.read(repository).facts

    assert facts.codeowners == "* @team\n"
    assert facts.tip == repository.head()
    assert facts.attributes["commits"] == 2
    assert facts.attributes["last_commit"] == datetime.fromtimestamp(repository.clock, UTC).isoformat()


def test_a_sha256_repository_is_read(workbench: Workbench, tmp_path: Path) -> None:
    secret = new_secret()
    repository = Repository(tmp_path / "sha256", init=False)
    repository.git("init", "--quiet", "--initial-branch=main", "--object-format=sha256")
    repository.commit({"d/a.txt": secret_file(secret)})

    reading = workbench.read(repository)

    assert reading.place(secret, "d/a.txt") == "tip"
    assert len(reading.facts.tip) == 64
