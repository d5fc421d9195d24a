"""Folders that say that another folder's repository is theirs, or hide their own (SECURITY G21)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from inventory.collector import CollectorError
from inventory.repository import discovery
from inventory.repository.foreign import Refused, locate
from tests.repository.folder_source import FolderSource
from tests.repository.workbench import Repository, Workbench


@pytest.fixture
def source(tmp_path: Path, workbench: Workbench) -> FolderSource:
    return FolderSource(tmp_path / "folder", workbench)


def by_file(place: Path, target: str) -> None:
    (place / ".git").write_text(f"gitdir: {target}\n")


def by_link(place: Path, target: str) -> None:
    (place / ".git").symlink_to(target)


@pytest.mark.parametrize("take", [by_file, by_link])
@pytest.mark.parametrize("name", ["aa-attacker/mine", "zz-attacker/mine"])
@pytest.mark.parametrize("bare", [False, True])
def test_g21_a_pointer_at_a_sibling_does_not_take_its_repository_over(
    source: FolderSource, take: Callable[[Path, str], None], name: str, bare: bool
) -> None:
    source.repository("victim/repo", bare=bare)
    attacker = source.folder / name
    attacker.mkdir(parents=True)
    take(attacker, "../../victim/repo" if bare else "../../victim/repo/.git")

    assert source.names() == ["victim/repo"]
    assert source.skips() == {name: ("another repository", True)}
    with pytest.raises(CollectorError, match="outside of it"):
        source.read(name)


def test_g21_a_repository_within_ones_own_folder_is_its_own_first_and_the_pointer_partial(
    source: FolderSource,
) -> None:
    source.repository("team/inner")
    by_file(source.folder / "team", "inner/.git")

    assert source.names() == ["team/inner"]
    assert source.skips() == {"team": ("same repository", True)}


def test_g21_a_source_whose_own_git_file_names_a_repository_in_it_takes_none_over(source: FolderSource) -> None:
    source.repository("zz/victim")
    by_link(source.folder, "zz/victim/.git")

    assert source.names() == ["zz/victim"]
    assert source.skips() == {".": ("same repository", True)}


def test_g21_a_git_folder_kept_apart_within_the_folder_stands_by_itself(source: FolderSource) -> None:
    repository, _ = source.repository("one")
    repository.git_dir.rename(source.folder / "one/store")
    by_file(source.folder / "one", "store")

    # As a bare repository it stands by itself; the pointer adds nothing and is said.
    assert source.names() == ["one/store"]
    assert source.skips() == {"one": ("same repository", True)}


def test_g21_a_bare_repository_hidden_beside_its_git_file_is_the_folders_own(source: FolderSource) -> None:
    repository, _ = source.repository("one")
    repository.git_dir.rename(source.folder / "one/.bare")
    by_file(source.folder / "one", "./.bare")

    assert source.names() == ["one"]
    assert source.skips() == {"one/.bare": ("same repository", False)}


def test_g21_a_link_on_the_way_to_an_asset_leads_to_no_other_repository(source: FolderSource) -> None:
    source.repository("victim/repo")
    source.repository("mine/repo")
    shutil.rmtree(source.folder / "mine")
    (source.folder / "mine").symlink_to("victim")

    with pytest.raises(CollectorError, match="through a link"):
        source.read("mine/repo")


def test_g21_submodules_nested_and_of_a_worktree_are_read_each_as_its_own(source: FolderSource) -> None:
    source.repository("origins/inner")
    middle, _ = source.repository("origins/middle")
    outer, _ = source.repository("outer")
    for repository, url, name in ((middle, "inner", "in"), (outer, "middle", "mid")):
        repository.git("checkout", "--quiet", "main")
        allowed = ("-c", "protocol.file.allow=always")
        repository.git(*allowed, "submodule", "--quiet", "add", str(source.folder / "origins" / url), name)
        repository.commit({}, "Add a submodule")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init", "--recursive")
    outer.git("worktree", "add", "--quiet", "--detach", "../tree")
    tree = Repository(source.folder / "tree", init=False)
    tree.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init")

    names = source.names()

    assert set(names) == {
        *("origins/inner", "origins/middle", "origins/middle/in", "outer", "outer/mid", "outer/mid/in", "tree/mid")
    }
    assert source.skips() == {"tree": ("worktree", False)}


def test_g21_a_submodule_is_read_under_the_folder_that_its_repository_names(source: FolderSource) -> None:
    source.repository("origin")
    outer, _ = source.repository("outer")
    outer.git("checkout", "--quiet", "main")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(source.folder / "origin"), "sub")
    (source.folder / "outer/aa").mkdir()
    by_file(source.folder / "outer/aa", "../.git/modules/sub")

    assert source.names() == ["origin", "outer", "outer/sub"]
    assert source.skips() == {"outer/aa": ("same repository", True)}


def test_g21_a_worktree_that_its_repository_does_not_know_is_refused(source: FolderSource) -> None:
    victim, _ = source.repository("victim")
    victim.git("worktree", "add", "--quiet", "--detach", "../tree")
    attacker = source.folder / "attacker"
    attacker.mkdir()
    shutil.copy(source.folder / "tree/.git", attacker / ".git")

    assert source.names() == ["victim"]
    assert source.skips() == {"attacker": ("another repository", True), "tree": ("worktree", False)}


def test_g21_a_worktree_of_a_repository_that_nobody_else_shows_is_read(source: FolderSource) -> None:
    source.repository("other")
    hidden, secret = source.repository("hidden")
    hidden.git("worktree", "add", "--quiet", "--detach", "../tree")
    # Where no walk looks, so that "read with its repository" would be a lie.
    store = source.folder / "other/.git/store"
    hidden.git_dir.rename(store)
    shutil.rmtree(source.folder / "hidden")
    by_file(source.folder / "tree", f"{store}/worktrees/tree")

    assert source.names() == ["other", "tree"]
    assert source.finds("tree", secret)


@pytest.mark.parametrize("bare", [False, True])
def test_g21b_a_commondir_hides_no_repository_as_a_worktree(source: FolderSource, bare: bool) -> None:
    source.repository("zz/repo")
    hidden, _ = source.repository("team/hidden", bare=bare)
    (hidden.git_dir / "commondir").write_text(f"{source.folder}/zz/repo/.git\n")

    assert source.names() == ["zz/repo"]
    assert source.skips() == {"team/hidden": ("another repository", True)}


def test_g21b_a_folder_that_only_says_it_is_a_worktree_hides_no_repository(source: FolderSource) -> None:
    source.repository("zz/repo")
    hidden, _ = source.repository("team/hidden")
    hidden.git_dir.rename(hidden.path / "store")
    by_file(hidden.path, "store")
    (hidden.path / "store/commondir").write_text(f"{source.folder}/zz/repo/.git\n")
    (hidden.path / "store/gitdir").write_text(f"{hidden.path}/.git\n")

    assert source.names() == ["zz/repo"]
    assert source.skips()["team/hidden"] == ("another repository", True)


def test_g21b_a_chain_of_commondirs_is_refused(source: FolderSource) -> None:
    first, _ = source.repository("first")
    first.git("worktree", "add", "--quiet", "--detach", "../tree")
    source.repository("second")
    (first.git_dir / "commondir").write_text("../../second/.git\n")

    with pytest.raises(Refused):
        locate(source.folder / "tree", source.folder)


def test_g21b_what_lies_too_deep_makes_the_run_partial(source: FolderSource, monkeypatch: pytest.MonkeyPatch) -> None:
    source.repository("a")
    source.repository("b/c/d/deep")
    monkeypatch.setattr(discovery, "MOST_DEPTH", 2)

    assert source.names() == ["a"]
    assert source.skips() == {"folders below b/c": ("too deep", True)}


def test_g21b_a_repository_a_dozen_folders_down_is_found(source: FolderSource) -> None:
    source.repository("a/b/c/d/e/f/g/h/i/j/k/l/deep")

    assert source.names() == ["a/b/c/d/e/f/g/h/i/j/k/l/deep"]


def test_a_source_whose_folder_became_a_link_is_not_followed(source: FolderSource, tmp_path: Path) -> None:
    source.repository("one")
    source.folder.rename(tmp_path / "elsewhere")
    source.folder.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(CollectorError, match="leads through a link now"):
        source.discovered()
    with pytest.raises(CollectorError, match="leads through a link now"):
        source.read("one")


def test_a_source_below_a_folder_that_became_a_link_is_not_followed(workbench: Workbench, tmp_path: Path) -> None:
    source = FolderSource(tmp_path / "root/team/folder", workbench)
    source.repository("one")
    (tmp_path / "root/team").rename(tmp_path / "elsewhere")
    (tmp_path / "root/team").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(CollectorError, match="leads through a link now"):
        source.discovered()


def test_a_root_that_is_a_link_by_the_time_of_looking_shows_nothing(source: FolderSource, tmp_path: Path) -> None:
    source.repository("one")
    source.folder.rename(tmp_path / "elsewhere")
    source.folder.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Refused, match="outside the folder"):
        locate(source.folder / "one", source.folder)


def test_a_folder_of_which_nothing_could_be_read_fails_with_the_reason(source: FolderSource) -> None:
    (source.folder / "broken/.git").mkdir(parents=True)

    with pytest.raises(CollectorError, match=r"Nothing in .* could be read\. broken: .*HEAD, objects or refs"):
        source.discovered()
