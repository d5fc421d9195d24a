"""Repositories that are damaged, and mirrors of ours that are."""

from __future__ import annotations

import os
import shutil

import pytest

from inventory.collector import CollectorError
from tests.repository.workbench import Repository, Workbench, new_secret, secret_file


def _filled(repository: Repository, number: int) -> list[str]:
    secrets = [new_secret() for _ in range(number)]
    for place, secret in enumerate(secrets):
        repository.commit({f"{place}.txt": secret_file(secret) + os.urandom(2000).hex().encode()})
    return secrets


def test_a_corrupt_pack_costs_the_damaged_objects_only(workbench: Workbench, repository: Repository) -> None:
    secrets = _filled(repository, 12)
    repository.git("gc", "--quiet")
    (pack,) = (repository.git_dir / "objects/pack").glob("*.pack")
    pack.chmod(0o644)
    content = bytearray(pack.read_bytes())
    # In the middle of the compressed files, so that one of them breaks.
    content[len(content) // 2] ^= 0xFF
    pack.write_bytes(content)

    reading = workbench.read(repository)

    found = [secret for number, secret in enumerate(secrets) if f"{number}.txt" in reading.exposures(secret)]
    assert len(found) == 11
    assert reading.partial
    assert reading.skips["damaged repository"] >= 1


def test_a_truncated_pack_costs_what_is_cut_off(workbench: Workbench, repository: Repository) -> None:
    secrets = _filled(repository, 6)
    repository.git("gc", "--quiet")
    loose = new_secret()
    repository.commit({"loose.txt": secret_file(loose)})
    (pack,) = (repository.git_dir / "objects/pack").glob("*.pack")
    pack.chmod(0o644)
    os.truncate(pack, pack.stat().st_size * 2 // 3)

    reading = workbench.read(repository)

    assert reading.partial
    found = [secret for number, secret in enumerate(secrets) if f"{number}.txt" in reading.exposures(secret)]
    assert len(found) >= 2
    assert reading.exposures(loose)


def test_a_corrupt_loose_object_costs_itself_only(workbench: Workbench, repository: Repository) -> None:
    secrets = _filled(repository, 4)
    blob = repository.head("HEAD:1.txt")
    loose = repository.git_dir / "objects" / blob[:2] / blob[2:]
    loose.chmod(0o644)
    loose.write_bytes(b"rubbish")

    reading = workbench.read(repository)

    assert not reading.exposures(secrets[1])
    assert all(reading.exposures(secrets[number]) for number in (0, 2, 3))
    assert reading.partial


def test_a_repaired_repository_is_complete_again(workbench: Workbench, repository: Repository) -> None:
    secrets = _filled(repository, 3)
    blob = repository.head("HEAD:1.txt")
    loose = repository.git_dir / "objects" / blob[:2] / blob[2:]
    kept = loose.read_bytes()
    loose.unlink()
    assert workbench.read(repository).partial
    assert workbench.read(repository).partial
    loose.write_bytes(kept)

    reading = workbench.read(repository)

    assert not reading.partial
    assert reading.exposures(secrets[1])
    assert reading.done.full


def test_a_reference_to_an_object_that_is_not_there_hides_no_other(
    workbench: Workbench, repository: Repository
) -> None:
    secret = new_secret()
    repository.commit({"a.txt": secret_file(secret)})
    (repository.git_dir / "refs/heads/lost").write_text("1" * 40 + "\n")

    reading = workbench.read(repository)

    assert reading.place(secret, "a.txt") == "tip"
    assert reading.partial


def test_a_damaged_mirror_is_made_anew(workbench: Workbench, repository: Repository) -> None:
    secrets = _filled(repository, 3)
    workbench.read(repository)
    (mirror,) = (workbench.workspace / "mirrors").glob("*.git")
    shutil.rmtree(mirror / "objects")
    (mirror / "objects").mkdir()
    repository.commit({"b.txt": secret_file(secrets[0])})

    reading = workbench.read(repository)

    assert reading.place(secrets[0], "b.txt") == "tip"
    assert not reading.partial


def test_a_mirror_is_named_by_a_hash_and_closed_to_others(workbench: Workbench, repository: Repository) -> None:
    repository.commit({"a.txt": "clean\n"})

    workbench.read(repository)

    (mirror,) = (workbench.workspace / "mirrors").glob("*.git")
    assert "one" not in mirror.name
    assert mirror.stat().st_mode & 0o777 == 0o700
    assert not list(mirror.glob("hooks/*"))


def test_an_interrupted_clone_leaves_nothing_that_is_taken_for_a_mirror(
    workbench: Workbench, repository: Repository
) -> None:
    secret = new_secret()
    repository.commit({"a.txt": secret_file(secret)})
    workbench.read(repository)
    (mirror,) = (workbench.workspace / "mirrors").glob("*.git")
    half = mirror.with_suffix(".part-new")
    mirror.rename(half)
    shutil.rmtree(half / "refs")

    reading = workbench.read(repository, again=False)

    assert reading.place(secret, "a.txt") == "tip"
    assert not half.exists()


def test_a_full_disk_is_said_before_cloning(workbench: Workbench, repository: Repository) -> None:
    workbench.limits = {"free_bytes": 1 << 60}
    repository.commit({"a.txt": "clean\n"})

    with pytest.raises(CollectorError, match="Free some space"):
        workbench.read(repository)
    assert not list((workbench.workspace / "mirrors").glob("*.git"))
