"""What is no plain file where git expects one, and configuration that leads git elsewhere (SECURITY G15, G20)."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from inventory.collector import CollectorError, DoneRecord
from inventory.repository import plain_files, supervising
from inventory.repository.activity import Activity
from inventory.repository.foreign import Refused, locate, read_small, refuse_borrowed_objects
from inventory.repository.supervising import read_in_child
from tests.repository.folder_source import FolderSource
from tests.repository.workbench import Repository, Workbench, new_secret, secret_file


@pytest.fixture
def source(tmp_path: Path, workbench: Workbench) -> FolderSource:
    return FolderSource(tmp_path / "folder", workbench)


def a_pipe(place: Path) -> None:
    os.mkfifo(place)


def a_socket(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        os.chdir(place.parent)  # The name of a socket must be short.
        listening.bind(place.name)


def a_device(place: Path) -> None:
    place.symlink_to("/dev/zero")


def a_link_to_a_pipe_within(place: Path) -> None:
    pipe = place.parent / "pipe.lock"
    os.mkfifo(pipe)
    place.symlink_to(pipe.name)


OPENED = [
    *("HEAD", "config", "config.worktree", "packed-refs", "shallow", "commondir"),
    *("refs/heads/x", "refs/tags/deep/x", "refs/remotes/origin/HEAD"),
    *("objects/ab/" + "c" * 38, "objects/pack/pack-1.idx", "objects/pack/pack-1.pack"),
    *("objects/pack/multi-pack-index", "objects/info/commit-graph", "objects/info/commit-graphs/chain"),
    *("objects/info/alternates", "info/attributes", "info/grafts"),
]


@pytest.mark.parametrize("opened", OPENED)
@pytest.mark.parametrize("trap", [a_pipe, a_socket, a_device, a_link_to_a_pipe_within])
def test_g15_what_is_no_plain_file_is_refused_before_git_opens_it(
    source: FolderSource, opened: str, trap: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    source.repository("good")
    hostile, _ = source.repository("hostile")
    monkeypatch.chdir(source.folder)
    place = hostile.git_dir / opened
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    trap(place)

    assert source.names() == ["good"]
    reason, partial = source.skips()["hostile"]
    assert reason in ("not a plain file", "borrowed objects", "unreadable")
    assert partial
    with pytest.raises(CollectorError, match=r"plain file|is a link"):
        source.read("hostile")


def test_g15_what_is_no_plain_file_where_git_opens_nothing_hinders_nothing(
    source: FolderSource, tmp_path: Path
) -> None:
    repository, secret = source.repository("one")
    os.mkfifo(repository.git_dir / "fsmonitor--daemon.ipc")
    (repository.git_dir / "info").mkdir(exist_ok=True)
    (tmp_path / "ignored").write_text("*.o\n")
    (repository.git_dir / "info/exclude").unlink(missing_ok=True)
    (repository.git_dir / "info/exclude").symlink_to(tmp_path / "ignored")

    assert source.names() == ["one"]
    assert source.finds("one", secret)


def test_g15_references_that_are_links_are_read_where_they_stay_among_the_references(source: FolderSource) -> None:
    repository, secret = source.repository("one")
    (repository.git_dir / "refs/heads/alias").symlink_to("main")
    (repository.git_dir / "HEAD").unlink()
    (repository.git_dir / "HEAD").symlink_to("refs/heads/main")

    assert source.names() == ["one"]
    assert source.finds("one", secret)


@pytest.mark.parametrize("target", ["..", "../../objects", "/proc", "nowhere"])
def test_g15_a_link_to_a_folder_among_the_references_is_refused(source: FolderSource, target: str) -> None:
    source.repository("good")
    hostile, _ = source.repository("hostile")
    (hostile.git_dir / "refs/heads/round").symlink_to(target)

    assert source.names() == ["good"]


def test_g15_g20_a_reference_that_is_a_link_to_anothers_is_refused(source: FolderSource) -> None:
    source.repository("good")
    hostile, _ = source.repository("hostile")
    (hostile.git_dir / "refs/heads/theirs").symlink_to(source.folder / "good/.git/refs/heads/main")

    assert source.names() == ["good"]
    assert source.skips() == {"hostile": ("borrowed objects", True)}


def test_g15_a_head_that_is_a_link_out_of_the_references_is_refused(source: FolderSource) -> None:
    source.repository("good")
    hostile, _ = source.repository("hostile")
    (hostile.git_dir / "HEAD").unlink()
    (hostile.git_dir / "HEAD").symlink_to("refs/../../../good/.git/HEAD")

    assert source.names() == ["good"]


@pytest.mark.parametrize(
    "section",
    [
        "[include]\n\tpath = other\n",
        "[InClude]\n\tpath = other\n",
        '[includeIf "gitdir:/"]\n\tpath = other\n',
        '  [ INCLUDEIF "onbranch:main"] path = other\n',
        '[a "]"][include] path = other\n',
        "# A comment goes on no further\\\n[include]\n\tpath = other\n",
    ],
)
@pytest.mark.parametrize("name", ["config", "config.worktree"])
def test_g15_configuration_that_includes_another_file_is_refused(source: FolderSource, section: str, name: str) -> None:
    source.repository("good")
    hostile, _ = source.repository("hostile")
    os.mkfifo(hostile.git_dir / "other")
    with open(hostile.git_dir / name, "a") as handle:
        handle.write(section)

    assert source.names() == ["good"]
    assert source.skips() == {"hostile": ("included configuration", True)}


def test_g15_attributes_that_are_configured_to_be_a_pipe_are_not_waited_for(
    source: FolderSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository, secret = source.repository("one")
    pipe = source.folder / "pipe"
    os.mkfifo(pipe)
    repository.git("config", "core.attributesFile", str(pipe))
    monkeypatch.setattr(supervising, "STALL_SECONDS", 10)

    assert source.finds("one", secret)


def test_g15_configuration_too_long_to_check_is_refused(source: FolderSource) -> None:
    source.repository("good")
    hostile, _ = source.repository("hostile")
    with open(hostile.git_dir / "config", "a") as handle:
        handle.write("# padding\n" * 110_000 + "[include]\n\tpath = other\n")

    assert source.names() == ["good"]


def test_g15_words_about_including_are_no_reason_to_refuse(source: FolderSource) -> None:
    repository, secret = source.repository("one")
    with open(repository.git_dir / "config", "a") as handle:
        handle.write('# [include] path = x\n[alias]\n\tx = "log [include]"\n[remote "include"]\n\turl = x\n')

    assert source.finds("one", secret)


def test_g15_a_small_file_is_never_read_through_a_link_or_from_a_pipe(tmp_path: Path) -> None:
    secret = tmp_path / "elsewhere"
    secret.write_text("another team's\n")
    (tmp_path / "link").symlink_to(secret)
    os.mkfifo(tmp_path / "pipe")

    assert read_small(secret) == b"another team's\n"
    for name in ("link", "pipe"):
        with pytest.raises(Refused, match="plain file"):
            read_small(tmp_path / name)


def test_g20_g21_a_commondir_or_a_git_file_is_never_read_through_a_link(source: FolderSource, tmp_path: Path) -> None:
    repository, _ = source.repository("one")
    (tmp_path / "said").write_text(".\n")
    (repository.git_dir / "commondir").symlink_to(tmp_path / "said")

    with pytest.raises(Refused, match="plain file"):
        locate(repository.path, source.folder)


def test_g15_more_files_than_can_be_looked_at_are_refused(
    source: FolderSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository, _ = source.repository("one")
    monkeypatch.setattr(plain_files, "MOST_FILES", 5)

    with pytest.raises(Refused, match="too many files"):
        refuse_borrowed_objects(repository.git_dir)


def test_g20_borrowed_objects_listed_after_a_megabyte_of_comments_are_refused(source: FolderSource) -> None:
    victim, _ = source.repository("victim")
    stolen = victim.head("main")
    attacker, _ = source.repository("attacker")
    alternates = attacker.git_dir / "objects/info/alternates"
    alternates.write_text(("#" * 1023 + "\n") * 1024 + f"{victim.git_dir}/objects\n")
    (attacker.git_dir / "refs/heads/stolen").write_text(f"{stolen}\n")

    with pytest.raises(Refused, match="too long to check"):
        refuse_borrowed_objects(attacker.git_dir)
    assert source.names() == ["victim"]
    # The control: git itself reads on.
    assert attacker.git("cat-file", "-t", "stolen") == b"commit\n"


def test_g20_comments_in_a_list_of_borrowed_objects_are_no_reason_to_refuse(source: FolderSource) -> None:
    repository, secret = source.repository("one")
    (repository.git_dir / "objects/info/alternates").write_text("# none\n\n")

    assert source.finds("one", secret)


def _git_that(folder: Path, does: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    program = folder / "git"
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.mark.slow
def test_g15_a_git_that_waits_for_ever_is_ended(
    source: FolderSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.repository("one")
    target = source.collector._target(source.asset("one"))
    os.mkfifo(tmp_path / "never")
    _git_that(tmp_path / "bin", f"exec cat {tmp_path}/never", monkeypatch)
    monkeypatch.setattr(supervising, "STALL_SECONDS", 2)
    began = time.monotonic()

    with pytest.raises(CollectorError, match="stood still"):
        list(read_in_child(target, source.context))

    assert time.monotonic() - began < 60  # Meant: 5 s.


@pytest.mark.slow
def test_g15_a_git_that_computes_in_silence_is_left_alone(
    source: FolderSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.repository("one")
    target = source.collector._target(source.asset("one"))
    real = shutil.which("git")
    busy = "i=0; end=$(($(date +%s) + 4)); while [ $(date +%s) -lt $end ]; do i=$((i + 1)); done"
    _git_that(tmp_path / "bin", f'case "$*" in *--mirror*) {busy};; esac\nexec {real} "$@"', monkeypatch)
    monkeypatch.setattr(supervising, "STALL_SECONDS", 2)

    records = list(read_in_child(target, source.context))

    assert isinstance(records[-1], DoneRecord)


def test_g15_a_pause_of_the_whole_machine_is_no_standing_still(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("inventory.repository.activity.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("inventory.repository.activity._work", lambda session: iter([("1", ("0",))]))
    activity = Activity(1, 100)
    answers = []

    for moment in (10, 4000, 4010):
        clock[0] = moment
        answers.append(activity.stands_still())
    for moment in range(4020, 4200, 10):
        clock[0] = moment
        answers.append(activity.stands_still())

    assert answers[:3] == [False, False, False]
    assert answers[-1]


def test_g15_where_the_system_tells_nothing_no_read_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("inventory.repository.activity.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("inventory.repository.activity._work", lambda session: iter(()))
    activity = Activity(1, 100)

    for moment in range(0, 1000, 10):
        clock[0] = moment
        assert not activity.stands_still()


def test_a_repository_of_which_nothing_could_be_read_fails_with_the_reason(
    workbench: Workbench, repository: Repository
) -> None:
    repository.commit({"a.txt": secret_file(new_secret())})
    for path in (repository.git_dir / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(b"rubbish")

    with pytest.raises(CollectorError, match=r"Nothing in this repository could be read .*git fsck"):
        workbench.read(repository)
