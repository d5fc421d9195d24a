"""Git folders that are swapped between the check and the copy, or during it (SECURITY G20, G21)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from inventory.collector import CollectorError
from inventory.repository.command import Git
from inventory.repository.foreign import Refused
from inventory.repository.mirror import Target
from inventory.repository.reading import read_repository
from inventory.repository.supervising import read_in_child
from tests.repository.test_child import context_of
from tests.repository.workbench import Reading, Repository, Workbench, new_secret, secret_file

Swap = Callable[[Repository, Repository], None]


@pytest.fixture
def victim(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "outside" / "victim")
    repository.commit({"a.txt": secret_file(new_secret())})
    return repository


@pytest.fixture
def attacker(repository: Repository) -> Repository:
    repository.commit({"b.txt": "clean\n"})
    return repository


def link(attacker: Repository, victim: Repository) -> None:
    (attacker.path / ".git").rename(attacker.path / "aside")
    (attacker.path / ".git").symlink_to(victim.path / ".git")


def unlink(attacker: Repository, victim: Repository) -> None:
    (attacker.path / ".git").unlink()
    (attacker.path / "aside").rename(attacker.path / ".git")


def folder(attacker: Repository, victim: Repository) -> None:
    (attacker.path / ".git").rename(attacker.path / "aside")
    shutil.copytree(victim.path / ".git", attacker.path / ".git")


def above(attacker: Repository, victim: Repository) -> None:
    attacker.path.rename(attacker.path.with_name("aside"))
    attacker.path.symlink_to(victim.path)


def borrow(attacker: Repository, victim: Repository) -> None:
    (attacker.path / ".git/objects/info").mkdir(exist_ok=True)
    (attacker.path / ".git/objects/info/alternates").write_text(f"{victim.path}/.git/objects\n")
    (attacker.path / ".git/refs/heads/x").write_text(f"{victim.head()}\n")


def give_back(attacker: Repository, victim: Repository) -> None:
    (attacker.path / ".git/objects/info/alternates").unlink()


def list_none(attacker: Repository) -> None:
    (attacker.path / ".git/objects/info").mkdir(exist_ok=True)
    (attacker.path / ".git/objects/info/alternates").write_text("# none\n")


def write_over(attacker: Repository, victim: Repository) -> None:
    list_none(attacker)


def objects(attacker: Repository, victim: Repository) -> None:
    (attacker.path / ".git/objects").rename(attacker.path / "aside")
    (attacker.path / ".git/objects").symlink_to(victim.path / ".git/objects")
    (attacker.path / ".git/refs/heads/x").write_text(f"{victim.head()}\n")


def read(workbench: Workbench, target: Target) -> Reading:
    records: list[Any] = []
    read_repository(workbench.job(target, {}), workbench.engine, workbench.key, records.append, lambda: iter(()))
    return Reading(records, workbench.key)


def mirrored(workbench: Workbench, oid: str) -> bool:
    """Say whether any mirror holds an object."""
    mirrors = (workbench.workspace / "mirrors").glob("*.git")
    return any(Repository(mirror, init=False).git("cat-file", "-t", oid, check=False) for mirror in mirrors)


@pytest.fixture
def around_git(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Let something happen right before and right after git copies."""
    original = Git.run

    def arm(before: Callable[[], None] = lambda: None, after: Callable[[], None] = lambda: None) -> list[str]:
        calls: list[str] = []

        def run(self: Git, arguments: list[str], **more: Any) -> bytes:
            if arguments[0] not in ("clone", "fetch"):
                return original(self, arguments, **more)
            calls.append(arguments[0])
            before()
            try:
                return original(self, arguments, **more)
            finally:
                after()

        monkeypatch.setattr(Git, "run", run)
        return calls

    return arm


@pytest.mark.parametrize("swap", [link, folder, above, borrow, objects])
def test_g20_g21_a_folder_swapped_after_the_check_is_not_copied(
    workbench: Workbench, attacker: Repository, victim: Repository, swap: Swap
) -> None:
    target = workbench.target(attacker.path)
    swap(attacker, victim)

    with pytest.raises(Refused):
        read(workbench, target)

    assert not mirrored(workbench, victim.head())


@pytest.mark.slow
@pytest.mark.parametrize("swap", [link, folder, borrow])
def test_g20_g21_the_child_refuses_a_folder_swapped_after_the_check_with_words(
    workbench: Workbench, attacker: Repository, victim: Repository, swap: Swap
) -> None:
    target = workbench.target(attacker.path)
    swap(attacker, victim)

    with pytest.raises(CollectorError, match=r"changed while|borrows objects"):
        list(read_in_child(target, context_of(workbench)))


@pytest.mark.parametrize("swap", [link, folder, above, borrow, objects])
@pytest.mark.parametrize("when", ["first", "later"])
def test_g20_g21_what_was_copied_from_a_folder_swapped_meanwhile_is_thrown_away(
    workbench: Workbench,
    attacker: Repository,
    victim: Repository,
    swap: Swap,
    when: str,
    around_git: Callable[..., list[str]],
) -> None:
    target = workbench.target(attacker.path)
    if when == "later":
        read(workbench, target)
        attacker.commit({"c.txt": "clean\n"})
    swapped: list[int] = []

    def once() -> None:
        if not swapped:
            swapped.append(1)
            swap(attacker, victim)

    around_git(before=once)

    with pytest.raises(Refused):
        read(workbench, target)

    assert not mirrored(workbench, victim.head())
    assert not list((workbench.workspace / "mirrors").glob("*.git"))


@pytest.mark.parametrize("swap", [link, folder, borrow, objects])
def test_g15_g20_g21_git_is_not_even_started_in_a_folder_swapped_after_the_check(
    workbench: Workbench,
    attacker: Repository,
    victim: Repository,
    swap: Swap,
    around_git: Callable[..., list[str]],
) -> None:
    target = workbench.target(attacker.path)
    swap(attacker, victim)
    calls = around_git()

    with pytest.raises(Refused):
        read(workbench, target)

    assert calls == []


def test_g20_a_list_of_borrowed_objects_that_is_written_over_meanwhile_lends_nothing(
    workbench: Workbench, attacker: Repository, victim: Repository, around_git: Callable[..., list[str]]
) -> None:
    list_none(attacker)
    target = workbench.target(attacker.path)
    around_git(before=lambda: borrow(attacker, victim))

    with pytest.raises(Refused, match="borrows objects"):
        read(workbench, target)

    assert not mirrored(workbench, victim.head())


@pytest.mark.parametrize(("swap", "back"), [(link, unlink), (borrow, give_back), (borrow, write_over)])
def test_g20_g21_a_swap_that_is_undone_before_the_second_look_steals_nothing(
    workbench: Workbench,
    attacker: Repository,
    victim: Repository,
    swap: Swap,
    back: Swap,
    around_git: Callable[..., list[str]],
) -> None:
    if back is write_over:
        list_none(attacker)
    target = workbench.target(attacker.path)
    around_git(before=lambda: swap(attacker, victim), after=lambda: back(attacker, victim))

    with suppress(Refused):
        read(workbench, target)

    assert not mirrored(workbench, victim.head())


def test_g20_a_folder_that_is_tidied_up_while_it_is_copied_is_copied_once_more(
    workbench: Workbench, attacker: Repository, around_git: Callable[..., list[str]]
) -> None:
    secret = new_secret()
    attacker.commit({"c.txt": secret_file(secret)})
    target = workbench.target(attacker.path)
    tidied: list[int] = []

    def tidy() -> None:
        if not tidied:
            tidied.append(1)
            attacker.git("gc", "--quiet")

    calls = around_git(after=tidy)

    assert read(workbench, target).place(secret, "c.txt") == "tip"
    assert calls == ["clone", "clone"]


def test_g20_a_commit_made_while_it_is_copied_costs_no_second_copy(
    workbench: Workbench, attacker: Repository, around_git: Callable[..., list[str]]
) -> None:
    target = workbench.target(attacker.path)
    calls = around_git(after=lambda: attacker.commit({f"{os.urandom(4).hex()}.txt": "clean\n"}) and None)

    read(workbench, target)

    assert calls == ["clone"]


def test_g20_a_mirror_whose_folder_was_never_found_unchanged_is_made_anew(
    workbench: Workbench, attacker: Repository, around_git: Callable[..., list[str]]
) -> None:
    target = workbench.target(attacker.path)
    read(workbench, target)
    attacker.commit({"c.txt": "clean\n"})

    def die() -> None:
        raise KeyboardInterrupt

    around_git(after=die)
    with pytest.raises(KeyboardInterrupt):
        read(workbench, target)
    calls = around_git()

    read(workbench, target)

    assert calls == ["clone"]
