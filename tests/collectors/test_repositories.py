"""The repositories collector as the inventory meets it: settings, discovery, reading."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.collector import AssetRecord, CollectorError, DoneRecord, ExposureRecord, ReadContext, SkipRecord
from inventory.collectors.repositories import RepositoriesCollector
from posture.common.fingerprint import load_key
from posture.common.inside import Network
from tests.repository.workbench import Repository, new_secret, secret_file

Make = Callable[..., Repository]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "folder"
    place.mkdir()
    return place


@pytest.fixture
def context(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> ReadContext:
    engine = tmp_path_factory.getbasetemp() / "engine"
    engine.mkdir(exist_ok=True)
    (tmp_path / "engine").symlink_to(engine)
    load_key(tmp_path / "key", create=True)
    return ReadContext(tmp_path / "workspace", tmp_path / "key", {}, lambda: iter(()), lambda: None)


def collector(folder: Path) -> RepositoriesCollector:
    return RepositoriesCollector(RepositoriesCollector.clean({"path": str(folder)}))


def filled(path: Path, *, bare: bool = False) -> Repository:
    repository = Repository(path, bare=bare)
    if not bare:
        repository.commit({"a.txt": "clean\n"})
    return repository


def discovered(folder: Path, context: ReadContext) -> tuple[list[str], dict[str, str]]:
    records = list(collector(folder).discover(context))
    assets = [record.external_id for record in records if isinstance(record, AssetRecord)]
    return assets, {record.reason: record.what for record in records if isinstance(record, SkipRecord)}


def test_a_folder_that_does_not_exist_is_said(tmp_path: Path) -> None:
    with pytest.raises(CollectorError, match="does not exist") as raised:
        RepositoriesCollector.clean({"path": str(tmp_path / "nowhere")})
    assert raised.value.permanent


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(CollectorError, match="is a file"):
        RepositoriesCollector.clean({"path": str(tmp_path / "file")})


@pytest.mark.parametrize("config", [{}, {"path": "/", "url": "https://host/x"}, {"path": "/", "branch": "x"}])
def test_settings_name_one_folder_or_one_address(config: dict[str, str]) -> None:
    with pytest.raises(CollectorError):
        RepositoriesCollector.clean(config)


def test_a_file_address_is_a_folder(folder: Path) -> None:
    assert RepositoriesCollector.clean({"url": f"file://{folder}"}) == {"path": str(folder)}


def test_a_folder_without_repositories_is_said(folder: Path, context: ReadContext) -> None:
    (folder / "sub").mkdir()

    with pytest.raises(CollectorError, match="no git repository"):
        list(collector(folder).discover(context))


def test_working_bare_nested_and_submodule_repositories_are_found(folder: Path, context: ReadContext) -> None:
    filled(folder / "one")
    filled(folder / "one" / "vendor" / "nested")
    filled(folder / "group" / "bare.git", bare=True)
    outer = filled(folder / "two")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(folder / "one"), "sub")

    assets, skips = discovered(folder, context)

    assert assets == ["group/bare.git", "one", "one/vendor/nested", "two", "two/sub"]
    assert skips == {}


def test_one_repository_is_a_source_by_itself(folder: Path, context: ReadContext) -> None:
    filled(folder)

    (asset,) = collector(folder).discover(context)

    assert isinstance(asset, AssetRecord)
    assert (asset.external_id, asset.name, asset.locator) == (".", "folder", str(folder))


def test_a_worktree_is_read_with_its_repository(folder: Path, context: ReadContext) -> None:
    filled(folder / "one").git("worktree", "add", "--quiet", "../tree")

    assets, skips = discovered(folder, context)

    assert assets == ["one"]
    assert list(skips) == ["worktree"]


def test_a_broken_git_folder_is_refused_and_the_others_are_found(folder: Path, context: ReadContext) -> None:
    filled(folder / "good")
    (folder / "broken" / ".git").mkdir(parents=True)
    (folder / "file").mkdir()
    (folder / "file" / ".git").write_text("nothing")

    assets, skips = discovered(folder, context)

    assert assets == ["good"]
    assert list(skips) == ["not a repository"]


def test_g20_g21_what_leaves_the_folder_is_refused_with_its_reason(
    folder: Path, context: ReadContext, tmp_path: Path
) -> None:
    outside = filled(tmp_path / "outside")
    filled(folder / "good")
    (folder / "pointer").mkdir()
    (folder / "pointer" / ".git").write_text(f"gitdir: {outside.git_dir}\n")
    borrower = filled(folder / "borrower")
    (borrower.git_dir / "objects/info").mkdir(exist_ok=True)
    (borrower.git_dir / "objects/info/alternates").write_text(f"{outside.git_dir}/objects\n")
    (folder / "link").symlink_to(outside.path)

    assets, skips = discovered(folder, context)

    assert assets == ["good"]
    assert set(skips) == {"outside the folder", "borrowed objects"}


def test_g15_links_pipes_and_loops_in_the_folder_stop_nothing(folder: Path, context: ReadContext) -> None:
    filled(folder / "good")
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(folder)
    (folder / "fifo").mkdir()
    os.mkfifo(folder / "fifo" / ".git")

    assets, skips = discovered(folder, context)

    assert assets == ["good"]
    assert list(skips) == ["unreadable"]


@pytest.mark.slow
def test_names_with_newline_brackets_and_invalid_utf8_are_found_and_read(folder: Path, context: ReadContext) -> None:
    names = [b"new\nline", b"<b>bold", b"caf\xe9"]
    secret = new_secret()
    for name in names:
        filled(folder / os.fsdecode(name)).commit({"b.txt": secret_file(secret)})
    source = collector(folder)

    assets = [record for record in source.discover(context) if isinstance(record, AssetRecord)]

    assert {asset.external_id for asset in assets} == {"new\nline", "<b>bold", "caf\\xe9"}
    for asset in assets:
        records = list(source.read(asset, context))
        assert isinstance(records[-1], DoneRecord)
        assert any(isinstance(record, ExposureRecord) for record in records)


def test_an_asset_that_went_away_is_said(folder: Path, context: ReadContext) -> None:
    gone = AssetRecord("gone", "repository", "gone", str(folder / "gone"))

    with pytest.raises(CollectorError, match="no git repository any more"):
        list(collector(folder).read(gone, context))


def test_g21_an_asset_that_was_turned_elsewhere_since_is_refused(
    folder: Path, context: ReadContext, tmp_path: Path
) -> None:
    outside = filled(tmp_path / "outside")
    asset = AssetRecord("one", "repository", "one", str(folder / "one"))
    (folder / "one").mkdir()
    (folder / "one" / ".git").symlink_to(outside.git_dir)

    with pytest.raises(CollectorError, match="outside the folder"):
        list(collector(folder).read(asset, context))


def test_an_asset_id_cannot_climb_out_of_the_folder(folder: Path, context: ReadContext, tmp_path: Path) -> None:
    filled(tmp_path / "outside")

    for name in ("../outside", str(tmp_path / "outside")):
        with pytest.raises(CollectorError):
            list(collector(folder).read(AssetRecord(name, "repository", "x", ""), context))


def test_an_address_is_one_asset(context: ReadContext) -> None:
    source = RepositoriesCollector(RepositoriesCollector.clean({"url": "git@host.example:team/app.git"}))

    (asset,) = source.discover(context)

    assert isinstance(asset, AssetRecord)
    assert (asset.external_id, asset.name) == ("ssh://git@host.example/team/app.git", "app")


def test_an_address_that_does_not_answer_is_said(tmp_path: Path, context: ReadContext) -> None:
    source = RepositoriesCollector({"url": "https://127.0.0.1:9/team/app"})
    (asset,) = source.discover(context)
    assert isinstance(asset, AssetRecord)

    with pytest.raises(CollectorError, match="Check the address"):
        list(source.read(asset, replace(context, network=Network(anywhere=True))))
