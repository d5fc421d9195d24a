"""Later reads: only what is new is read, and what they say adds up to what a full read says."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from inventory.collector import BlobRecord, ExposureRecord, StandingRecord
from inventory.exposure_merge import merge
from tests.repository.workbench import Inventory, Repository, Workbench, new_secret, secret_file

Make = Callable[..., Repository]


def test_a_second_read_with_nothing_new_reads_nothing(workbench: Workbench, repository: Repository) -> None:
    repository.commit({"a.txt": secret_file(new_secret())})
    workbench.read(repository)

    reading = workbench.read(repository)

    assert reading.done.counts == {"commits": 0, "blobs": 0, "bytes": 0}
    assert not reading.done.full
    assert not reading.of(StandingRecord)
    assert not reading.of(ExposureRecord)


def test_a_second_read_reads_new_files_only(workbench: Workbench, repository: Repository) -> None:
    old, new = new_secret(), new_secret()
    repository.commit({"a.txt": secret_file(old)})
    workbench.read(repository)
    repository.commit({"b.txt": secret_file(new)})

    reading = workbench.read(repository)

    assert reading.done.counts["commits"] == 1
    assert reading.done.counts["blobs"] == 1
    assert not reading.done.full
    assert not reading.exposures(old)
    assert set(reading.exposures(new)) == {"b.txt"}
    assert reading.place(old, "a.txt") == "tip"
    assert reading.facts.attributes["commits"] == 2


def test_an_old_file_at_a_new_path_is_a_new_exposure(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    repository.commit({"a.txt": secret_file(secret)})
    workbench.read(repository)
    moved = repository.commit({"b.txt": secret_file(secret)})

    reading = workbench.read(repository)

    assert reading.done.counts["blobs"] == 0
    assert reading.exposures(secret)["b.txt"].first.commit == moved


def test_a_removal_is_told_with_its_introduction(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    introduced = repository.commit({"a.txt": secret_file(secret)})
    workbench.read(repository)
    removed = repository.commit({"a.txt": None})

    reading = workbench.read(repository)

    exposure = reading.exposures(secret)["a.txt"]
    assert exposure.removed is not None
    assert (exposure.first.commit, exposure.removed.commit) == (introduced, removed)
    assert reading.place(secret, "a.txt") == "history"


def test_what_a_force_push_drops_is_no_longer_told(workbench: Workbench, repository: Repository) -> None:
    kept, dropped = new_secret(), new_secret()
    repository.commit({"a.txt": secret_file(kept)})
    base = repository.head()
    repository.commit({"b.txt": secret_file(dropped)})
    workbench.read(repository)
    repository.git("reset", "--quiet", "--hard", base)
    repository.commit({"c.txt": "clean\n"})

    reading = workbench.read(repository)

    assert reading.done.full
    assert reading.exposures(kept)["a.txt"].whole
    assert not reading.exposures(dropped)
    assert reading.done.counts["blobs"] == 1


def test_a_deleted_branch_takes_its_own_commits_away(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    repository.commit({"a.txt": "clean\n"})
    repository.git("checkout", "--quiet", "-b", "feature")
    repository.commit({"b.txt": secret_file(secret)})
    repository.git("checkout", "--quiet", "main")
    assert workbench.read(repository).place(secret, "b.txt") == "ref"
    repository.git("branch", "--delete", "--force", "feature")

    reading = workbench.read(repository)

    assert reading.done.full
    assert reading.place(secret, "b.txt") == "nowhere"


def test_a_deleted_branch_that_was_merged_leaves_its_history(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    repository.commit({"a.txt": "clean\n"})
    repository.git("checkout", "--quiet", "-b", "feature")
    repository.commit({"b.txt": secret_file(secret)})
    repository.git("checkout", "--quiet", "main")
    workbench.read(repository)
    repository.git("merge", "--quiet", "--no-ff", "--message", "Merge", "feature")
    repository.git("branch", "--delete", "feature")

    reading = workbench.read(repository)

    assert not reading.done.full
    assert reading.place(secret, "b.txt") == "tip"


def test_other_rules_read_everything_anew_and_forget_what_they_no_longer_find(
    workbench: Workbench, repository: Repository
) -> None:
    secret = new_secret()
    repository.commit({"a.txt": secret_file(secret)})
    workbench.read(repository)
    stale = BlobRecord(
        repository.store(b"was found once\n"), 15, next(iter(workbench.blobs[str(repository.path)].values())).findings
    )
    workbench.blobs[str(repository.path)][stale.blob] = stale
    workbench.cursors[str(repository.path)]["rules"] = "others"

    reading = workbench.read(repository)

    assert reading.done.full
    assert reading.done.counts["blobs"] == 1
    assert BlobRecord(stale.blob, stale.size, ()) in reading.of(BlobRecord)


def test_what_stays_unread_is_told_by_every_later_read(workbench: Workbench, repository: Repository) -> None:
    workbench.limits = {"blob_bytes": 1000, "edge_bytes": 100}
    repository.commit({"big.txt": b"x" * 5000})
    assert workbench.read(repository).partial

    unchanged = workbench.read(repository)
    repository.commit({"small.txt": "clean\n"})
    later = workbench.read(repository)

    assert unchanged.skips == later.skips == {"file too large": 1}
    assert unchanged.partial
    assert later.partial


def test_a_deleted_mirror_costs_time_and_nothing_else(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    repository.commit({"a.txt": secret_file(secret)})
    workbench.read(repository)
    (mirror,) = (workbench.workspace / "mirrors").glob("*.git")
    mirror.rename(mirror.with_suffix(".away"))
    repository.commit({"b.txt": secret_file(secret)})

    reading = workbench.read(repository)

    assert reading.done.counts["blobs"] == 0
    assert reading.place(secret, "b.txt") == "tip"


@pytest.mark.parametrize("seed", [0])
def test_reads_after_each_change_add_up_to_a_full_read(
    workbench: Workbench, repository: Repository, tmp_path: Path, seed: int
) -> None:
    _compare(workbench, repository, tmp_path, seed, steps=6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 110))
def test_many_reads_after_each_change_add_up_to_a_full_read(
    workbench: Workbench, repository: Repository, tmp_path: Path, seed: int
) -> None:
    _compare(workbench, repository, tmp_path, seed, steps=30)


def _compare(workbench: Workbench, repository: Repository, tmp_path: Path, seed: int, steps: int) -> None:
    chance = random.Random(seed)
    secrets = [new_secret() for _ in range(4)]
    repository.commit({"readme.md": "clean\n"})
    inventory = Inventory(merge)
    for step in range(steps):
        for _ in range(chance.randint(1, 4)):
            _change(repository, chance, secrets)
        inventory.apply(workbench.read(repository))

        whole = Inventory(merge)
        whole.apply(workbench.fresh(tmp_path / f"fresh-{step}").read(repository))
        assert inventory.rows == whole.rows, f"seed {seed}, step {step}"


def _change(repository: Repository, chance: random.Random, secrets: list[str]) -> None:
    """Do one of the things that people do to a repository."""
    branches = repository.git("for-each-ref", "--format=%(refname:short)", "refs/heads").decode().split()
    match chance.choice(
        ["commit"] * 5 + ["branch", "switch", "merge", "force", "delete", "tag", "untag", "gc", "amend"]
    ):
        case "commit":
            name = chance.choice(["a.txt", "b.txt", "d/a.txt", "d/e/c.txt"])
            content = chance.choice([None, b"clean %d\n" % chance.randint(0, 3), *_contents(chance, secrets)])
            if content is None and not (repository.path / name).exists():
                content = b"clean\n"
            repository.commit({name: content})
        case "branch":
            repository.git("checkout", "--quiet", "-B", chance.choice(["x", "y", "z"]))
        case "switch":
            repository.git("checkout", "--quiet", chance.choice(branches))
        case "merge":
            repository.clock += 3600
            repository.git(
                *("merge", "--quiet", "--no-ff", "--strategy-option=ours", "--message", "Merge"),
                chance.choice(branches),
                check=False,
            )
            repository.git("reset", "--quiet", "--hard")
        case "force":
            repository.git("reset", "--quiet", "--hard", "HEAD~2", check=False)
        case "amend":
            repository.clock += 3600
            repository.git("commit", "--quiet", "--amend", "--allow-empty", "--message", "Amended")
        case "delete":
            current = repository.git("symbolic-ref", "--short", "HEAD").decode().strip()
            for branch in branches:
                if branch not in (current, "main"):
                    repository.git("branch", "--delete", "--force", branch)
                    break
        case "tag":
            repository.git("tag", "--force", "--annotate", "--message", "T", chance.choice(["v1", "v2"]))
        case "untag":
            repository.git("tag", "--delete", "v1", check=False)
        case "gc":
            repository.git("reflog", "expire", "--expire=now", "--all")
            repository.git("gc", "--quiet", "--prune=now")


def _contents(chance: random.Random, secrets: list[str]) -> list[bytes]:
    one, two = chance.sample(secrets, 2)
    return [secret_file(one, chance.randint(0, 1)), secret_file(one) + secret_file(two, 1)]
