"""A folder is scanned as plain files, whatever lies in it."""

import json
import os
import random
import socket

import pytest

from inventory.detection import hyperscan_engine, worktree
from inventory.detection.example import expand
from inventory.detection.provider import formats
from inventory.detection.worktree import WorktreeScan


@pytest.fixture
def secret() -> bytes:
    return expand(formats()["private-key"][1].examples[0], random.Random(2)).encode()


def scan(engine, root):
    run = WorktreeScan(engine, root)
    return list(run.findings()), run


def test_a_secret_is_reported_by_path_and_line_and_never_by_value(engine, tmp_path, secret):
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "key.pem").write_bytes(b"# key\n" + secret)

    rows, run = scan(engine, tmp_path)

    assert rows == [
        {
            "path": "conf/key.pem",
            "line": 2,
            "end_line": 2 + secret.count(b"\n"),
            "rule": "private-key",
            "confidence": "high",
        }
    ]
    assert (run.files, run.bytes, dict(run.skipped)) == (1, len(secret) + 6, {})
    assert secret.decode()[40:90] not in json.dumps(rows)


def test_a_single_file_can_be_scanned(engine, tmp_path, secret):
    (tmp_path / "key.pem").write_bytes(secret)

    rows, _ = scan(engine, tmp_path / "key.pem")

    assert [row["path"] for row in rows] == ["key.pem"]


def test_binary_content_and_strange_names_are_read(engine, tmp_path, secret):
    name = b"a\n<b>\xff.bin"
    with open(os.path.join(os.fsencode(tmp_path), name), "wb") as handle:
        handle.write(b"\x00\xff\xfe" + secret + b"\x00" * 100)

    rows, _ = scan(engine, tmp_path)

    assert [row["path"] for row in rows] == ["a\n<b>\\xff.bin"]
    json.dumps(rows).encode("utf-8")


def test_g3_git_folders_are_left_alone(engine, tmp_path, secret):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "key.pem").write_bytes(secret)
    (tmp_path / "key.pem").write_bytes(secret)

    rows, _ = scan(engine, tmp_path)

    assert [row["path"] for row in rows] == ["key.pem"]


def test_g15_links_pipes_sockets_and_huge_files_are_skipped_and_counted(engine, tmp_path, secret, monkeypatch):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "key.pem").write_bytes(secret)
    root = tmp_path / "root"
    root.mkdir()
    (root / "good.pem").write_bytes(secret)
    (root / "link.pem").symlink_to(outside / "key.pem")
    (root / "folder").symlink_to(outside)
    os.mkfifo(root / "pipe")
    with open(root / "sparse", "wb") as handle:
        handle.truncate(worktree.LARGEST_FILE + 1)
    monkeypatch.chdir(root)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")

        rows, run = scan(engine, root)

    assert [row["path"] for row in rows] == ["good.pem"]
    assert run.skipped == {"symbolic link": 2, "not a regular file": 2, "larger than 1024 MiB": 1}


def test_a_file_without_permission_is_counted_and_the_others_are_read(engine, tmp_path, secret, monkeypatch):
    (tmp_path / "closed.pem").write_bytes(secret)
    (tmp_path / "open.pem").write_bytes(secret)
    real_open = os.open

    def guarded_open(path, *arguments, **options):  # The tests may run as root, who may read everything.
        if path == b"closed.pem":
            raise PermissionError(13, "Permission denied")
        return real_open(path, *arguments, **options)

    monkeypatch.setattr(worktree.os, "open", guarded_open)

    rows, run = scan(engine, tmp_path)

    assert [row["path"] for row in rows] == ["open.pem"]
    assert run.skipped == {"cannot be read (Permission denied)": 1}


def test_g34_a_folder_nested_very_deeply_ends_the_walk_and_nothing_else(engine, tmp_path, secret):
    folder = os.open(tmp_path, os.O_RDONLY)
    for _ in range(worktree.DEEPEST_FOLDER + 50):
        os.mkdir("d", dir_fd=folder)
        below = os.open("d", os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = below
    os.close(folder)
    (tmp_path / "key.pem").write_bytes(secret)

    rows, run = scan(engine, tmp_path)

    assert [row["path"] for row in rows] == ["key.pem"]
    assert run.skipped == {"folder nested too deeply": 1}


def test_a_root_that_is_missing_is_an_error_that_names_it(engine, tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        scan(engine, tmp_path / "nowhere")


@pytest.mark.parametrize("shift", [-200, -120, -80, -40, -1, 0, 1, 40])
def test_g32_a_secret_at_the_edge_of_a_window_is_found_once(engine, tmp_path, secret, monkeypatch, shift):
    window = 4 * hyperscan_engine.OVERLAP
    monkeypatch.setattr(hyperscan_engine, "WINDOW", window)
    monkeypatch.setattr(worktree, "WHOLE_FILE", 1000)
    for edge in (window, window - hyperscan_engine.OVERLAP, 2 * window - hyperscan_engine.OVERLAP):
        lines = b"x" * 63 + b"\n"
        before = (lines * (edge // 64 + 1))[: edge + shift]
        (tmp_path / "big.txt").write_bytes(before + b"\n" + secret + b"\n" + lines * (window // 32))

        rows, _ = scan(engine, tmp_path)

        assert [(row["rule"], row["line"]) for row in rows] == [("private-key", before.count(b"\n") + 2)]
