"""What hostile folders do to the inventory: nothing of anybody goes, and no source leaves its folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inventory.collector import AssetRecord, ReadContext, SkipRecord
from inventory.collectors.repositories import RepositoriesCollector
from inventory.forms import _is_allowed
from inventory.models import Asset, Read, Run, Source
from inventory.services import add_source, finish_runs, perform_read, request_run, source_for_folder, start_run
from tests.repository.workbench import Repository


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    settings.WORKSPACE_DIR = tmp_path / "mirrors"
    place = tmp_path / "folder"
    place.mkdir()
    return place


@pytest.fixture
def source(db, folder: Path) -> Source:
    Repository(folder / "victim/repo").commit({"a.txt": "clean\n"})
    return add_source(name="all", kind="repositories", config={"path": str(folder)})


def looked(source: Source) -> Run:
    """Look for assets only, without reading them."""
    run = request_run(source=source, trigger="command")
    start_run(run.pk)
    run.refresh_from_db()
    Read.objects.filter(run=run, status="queued").update(status="complete")
    finish_runs()
    run.refresh_from_db()
    return run


def present() -> set[str]:
    return set(Asset.objects.present().values_list("external_id", flat=True))


@pytest.mark.parametrize("name", ["aa", "zz"])
def test_g21_a_pointer_at_a_repository_makes_its_asset_not_gone(source: Source, folder: Path, name: str) -> None:
    assert looked(source).status == "complete"
    (folder / name).mkdir()
    (folder / name / ".git").write_text("gitdir: ../victim/repo/.git\n")

    run = looked(source)

    assert present() == {"victim/repo"}
    assert run.status == "partial"
    assert [skip["reason"] for skip in run.skipped] == ["another repository"]
    assert run.reads.get().asset.external_id == "victim/repo"


def test_g21_a_repository_that_is_refused_since_is_not_gone(source: Source, folder: Path) -> None:
    Repository(folder / "other").commit({"a.txt": "clean\n"})
    looked(source)
    (folder / "victim/repo/.git/commondir").write_text("../../../other/.git\n")

    assert looked(source).status == "partial"

    assert present() == {"victim/repo", "other"}


def test_j18_a_search_that_was_cut_marks_nothing_as_gone(
    source: Source, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Repository(folder / "other").commit({"a.txt": "clean\n"})
    looked(source)
    assert present() == {"victim/repo", "other"}
    one = AssetRecord("other", "repository", "other", str(folder / "other"))

    def cut(self: RepositoriesCollector, context: ReadContext) -> Iterator[AssetRecord | SkipRecord]:
        yield one
        yield SkipRecord("too many folders", "folders beyond the first 500000", 7)

    monkeypatch.setattr(RepositoriesCollector, "discover", cut)
    assert looked(source).status == "partial"
    assert present() == {"victim/repo", "other"}

    def whole(self: RepositoriesCollector, context: ReadContext) -> Iterator[AssetRecord | SkipRecord]:
        yield one
        yield SkipRecord("worktree", "tree: read with its repository", partial=False)

    # The control: what hides nothing stops no sweep.
    monkeypatch.setattr(RepositoriesCollector, "discover", whole)
    assert looked(source).status == "complete"
    assert present() == {"other"}


def test_a_source_of_which_nothing_could_be_read_failed_and_lost_nothing(source: Source, folder: Path) -> None:
    looked(source)
    (folder / "victim/repo/.git/HEAD").unlink()

    run = looked(source)

    assert run.status == "failed"
    assert "HEAD, objects or refs is missing" in run.error
    assert present() == {"victim/repo"}


def test_a_folder_that_became_a_link_out_of_its_root_is_neither_searched_nor_read(
    source: Source, folder: Path, tmp_path: Path
) -> None:
    looked(source)
    asset = Asset.objects.get()
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")

    run = looked(source)
    read = Read.objects.create(run=request_run(source=source, trigger="command"), asset=asset)
    perform_read(read.pk)
    read.refresh_from_db()

    assert (run.status, read.status) == ("failed", "failed")
    for error in (run.error, read.error):
        assert "leads through a link now" in error
    assert present() == {"victim/repo"}


def test_a_folder_named_through_a_link_on_the_command_line_is_stored_as_where_it_leads(
    db, folder: Path, tmp_path: Path
) -> None:
    Repository(folder / "one").commit({"a.txt": "clean\n"})
    (tmp_path / "link").symlink_to(folder)

    source = source_for_folder(tmp_path / "link")

    assert source.config == {"path": str(folder)}
    assert source_for_folder(tmp_path / "link") == source_for_folder(folder) == source
    assert looked(source).status == "complete"
    # Turning the link elsewhere changes nothing for the source.
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to(tmp_path)
    assert looked(source).status == "complete"


def test_a_source_added_through_a_link_is_stored_as_where_it_leads(db, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)

    source = add_source(name="linked", kind="repositories", config={"path": str(tmp_path / "link")})

    assert source.config == {"path": str(folder)}


def test_a_folder_is_allowed_by_where_it_leads_and_not_by_how_it_is_written(tmp_path: Path, settings) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "team").mkdir(parents=True)
    outside.mkdir()
    (root / "link").symlink_to(outside)
    (tmp_path / "alias").symlink_to(root)
    settings.REPOSITORY_ROOTS = [root]

    assert _is_allowed(root)
    assert _is_allowed(root / "team")
    assert _is_allowed(tmp_path / "alias" / "team")
    assert not _is_allowed(root / "link")
    assert not _is_allowed(root / "link" / "team")
    assert not _is_allowed(root / ".." / "outside")
    assert not _is_allowed(Path("root/team"))
    assert not _is_allowed(tmp_path / "rootless")
