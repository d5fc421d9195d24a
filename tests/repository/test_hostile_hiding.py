"""Repositories that want to hide what they hold, or to show what is not theirs (SECURITY 2b)."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.repository.foreign import Refused, locate
from inventory.repository.objects import bad_names
from tests.repository.workbench import Repository, Workbench, new_secret, secret_file

Make = Callable[..., Repository]


def test_g16_a_replaced_blob_is_read_as_it_was_committed(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    repository.commit({"a.txt": secret_file(secret)})
    blob = repository.head("HEAD:a.txt")
    repository.git("replace", blob, repository.store(b"clean\n"))

    reading = workbench.read(repository)

    assert repository.git("cat-file", "-p", blob) == b"clean\n"
    assert reading.place(secret, "a.txt") == "tip"


def test_g16_a_replaced_commit_and_tree_hide_nothing(workbench: Workbench, repository: Repository) -> None:
    early, late = new_secret(), new_secret()
    repository.commit({"early.txt": secret_file(early)})
    repository.commit({"early.txt": None, "late.txt": secret_file(late)})
    clean = repository.tree([("100644", b"a.txt", repository.store(b"clean\n"))])
    repository.git("replace", "--force", repository.head(), repository.raw_commit(clean))

    reading = workbench.read(repository)

    assert reading.place(early, "early.txt") == "history"
    assert reading.place(late, "late.txt") == "tip"


def test_g17_grafts_hide_no_history(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    repository.commit({"a.txt": secret_file(secret)})
    repository.commit({"a.txt": "clean\n"})
    (repository.git_dir / "info").mkdir(exist_ok=True)
    (repository.git_dir / "info/grafts").write_text(f"{repository.head()}\n")

    reading = workbench.read(repository)

    assert repository.git("rev-list", "--count", "HEAD").strip() == b"1"
    assert reading.place(secret, "a.txt") == "history"


def test_g17_a_planted_shallow_file_makes_the_read_partial(workbench: Workbench, repository: Repository) -> None:
    repository.commit({"a.txt": secret_file(new_secret())})
    repository.commit({"a.txt": "clean\n"})
    (repository.git_dir / "shallow").write_text(f"{repository.head()}\n")

    assert workbench.read(repository).partial
    (repository.git_dir / "shallow").unlink()
    assert not workbench.read(repository).partial


def test_g17_references_hidden_by_configuration_are_read(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    repository.commit({"a.txt": "clean\n"})
    repository.git("checkout", "--quiet", "-b", "hidden")
    repository.commit({"b.txt": secret_file(secret)})
    repository.git("config", "transfer.hideRefs", "refs/heads/hidden")
    repository.git("config", "--add", "uploadpack.hideRefs", "refs/heads")

    reading = workbench.read(repository)

    assert b"hidden" not in repository.git("ls-remote", str(repository.path))
    assert reading.place(secret, "b.txt") == "tip" or reading.place(secret, "b.txt") == "ref"


def test_g18_a_loose_object_under_a_false_name_poisons_nothing(workbench: Workbench, make_repository: Make) -> None:
    secret = new_secret()
    victim, poisoner = make_repository("victim"), make_repository("poisoner")
    victim.commit({"a.txt": secret_file(secret)})
    blob = victim.head("HEAD:a.txt")
    poisoner.commit({"a.txt": secret_file(secret)})
    loose = poisoner.git_dir / "objects" / blob[:2] / blob[2:]
    loose.chmod(0o644)
    loose.write_bytes(zlib.compress(b"blob 6\0clean\n"))

    poisoned = workbench.read(poisoner)
    reading = workbench.read(victim)

    # The control: git itself hands out the false content under the victim's id.
    assert poisoner.git("cat-file", "--batch", content=blob.encode() + b"\n").endswith(b"clean\n\n")
    assert poisoned.partial
    assert reading.place(secret, "a.txt") == "tip"


def test_g18_swapped_offsets_in_a_pack_index_poison_nothing(workbench: Workbench, make_repository: Make) -> None:
    secret = new_secret()
    repository = make_repository("poisoner")
    repository.commit({"a.txt": secret_file(secret), "b.txt": "clean\n" * 40})
    one, two = repository.head("HEAD:a.txt"), repository.head("HEAD:b.txt")
    repository.git("gc", "--quiet")
    (index,) = (repository.git_dir / "objects/pack").glob("*.idx")
    index.chmod(0o644)
    index.write_bytes(_with_swapped_offsets(index.read_bytes(), one, two))

    reading = workbench.read(repository)

    assert repository.git("cat-file", "-p", one, check=False) == b"clean\n" * 40
    assert reading.place(secret, "a.txt") == "tip"


def _with_swapped_offsets(index: bytes, one: str, two: str) -> bytes:
    raw = bytearray(index)
    (count,) = struct.unpack_from(">I", raw, 8 + 255 * 4)
    names = 8 + 1024
    offsets = names + count * 24
    places = []
    for oid in (one, two):
        number = next(n for n in range(count) if raw[names + 20 * n : names + 20 * n + 20].hex() == oid)
        places.append(offsets + 4 * number)
    first, second = raw[places[0] : places[0] + 4], raw[places[1] : places[1] + 4]
    raw[places[0] : places[0] + 4], raw[places[1] : places[1] + 4] = second, first
    return bytes(raw[:-20]) + hashlib.sha1(raw[:-20]).digest()


def test_g21_a_git_file_a_link_and_a_commondir_that_leave_the_root_are_refused(
    make_repository: Make, tmp_path: Path
) -> None:
    outside = Repository(tmp_path / "outside")
    outside.commit({"a.txt": "clean\n"})
    root = tmp_path / "folder"
    by_file, by_link, by_common = root / "file", root / "link", root / "common"
    for place in (by_file, by_link):
        place.mkdir(parents=True)
    (by_file / ".git").write_text(f"gitdir: {outside.git_dir}\n")
    (by_link / ".git").symlink_to(outside.git_dir)
    common = make_repository("common")
    (common.git_dir / "commondir").write_text(f"{outside.git_dir}\n")

    for place in (by_file, by_link, by_common):
        with pytest.raises(Refused, match="outside the folder"):
            locate(place, root)


def test_g21_nested_and_looped_links_are_refused(tmp_path: Path) -> None:
    outside = Repository(tmp_path / "outside")
    root = tmp_path / "folder"
    nested, looped = root / "nested", root / "looped"
    nested.mkdir(parents=True)
    looped.mkdir()
    (root / "step").symlink_to(outside.path)
    (nested / ".git").write_text("gitdir: ../step/.git\n")
    (looped / ".git").symlink_to(looped / "other")
    (looped / "other").symlink_to(looped / ".git")

    for place in (nested, looped):
        with pytest.raises(Refused):
            locate(place, root)


def test_g21_a_worktree_within_the_root_is_its_repository(make_repository: Make) -> None:
    repository = make_repository("one")
    repository.commit({"a.txt": "clean\n"})
    repository.git("worktree", "add", "--quiet", "../tree")

    found = locate(repository.path.parent / "tree", repository.path.parent)

    assert found is not None
    assert found.worktree_of == repository.git_dir


BAD_PEOPLE = [
    "Ann <a@x> 1700000000 -9999",
    "Ann <a@x> 9223372036854775808 +0000",
    "Ann <a@x> 99999999999999999999999999 +0000",
    "Ann <a@x> -1 +0000",
    "Ann <a@x> yesterday +0000",
    "Ann <a@x>",
    "Ann",
    "<> 1700000000 +0000",
    "",
    "Ann <a@x> 1700000000 +99",
    "Ann <a@x 1700000000 +0000",
    "A<n>n <a@x> 17e8 +0000",
]


def test_g22_bad_commits_hide_no_good_one(workbench: Workbench, repository: Repository) -> None:
    good, secrets = new_secret(), [new_secret() for _ in BAD_PEOPLE]
    commit = repository.commit({"good.txt": secret_file(good)})
    for number, person in enumerate(BAD_PEOPLE):
        tree = repository.tree([("100644", b"%d.txt" % number, repository.store(secret_file(secrets[number])))])
        raw = f"tree {tree}\nparent {commit}\nauthor {person}\ncommitter {person}\n\nBad\n"
        commit = repository.store(raw.encode(), "commit")
    last = new_secret()
    commit = repository.raw_commit(
        repository.tree([("100644", b"last.txt", repository.store(secret_file(last)))]), [commit]
    )
    repository.git("update-ref", "refs/heads/main", commit)

    reading = workbench.read(repository)

    assert reading.place(good, "good.txt") == "history"
    assert reading.place(last, "last.txt") == "tip"
    for number, secret in enumerate(secrets):
        assert reading.place(secret, f"{number}.txt") == "history", BAD_PEOPLE[number]
    counted = sum(count for reason, count in reading.skips.items() if reason.startswith("commit with"))
    # An empty name with a sound date is no fault.
    assert counted == len(BAD_PEOPLE) - 1
    unknown = reading.exposures(secrets[5])["5.txt"].first
    assert unknown.at == datetime.fromtimestamp(0, UTC)


BAD_NAMES = [
    *(
        b".git",
        b".GIT",
        b"git~1",
        b"GIT~1",
        b".g\xe2\x80\x8cit",
        b".git ",
        b".git.",
        b".",
        b"..",
        b"",
        b"a/b",
        b"../up",
    ),
    *(b"/abs", b".git/config", b".gIt"),
]


def test_g22_bad_names_in_a_tree_hide_no_sibling(workbench: Workbench, repository: Repository) -> None:
    good, secrets = new_secret(), [new_secret() for _ in BAD_NAMES]
    entries = [("100644", name, repository.store(secret_file(s))) for name, s in zip(BAD_NAMES, secrets, strict=True)]
    good_blob = repository.store(secret_file(good))
    below = repository.tree([("100644", b"good.txt", good_blob)])
    tree = repository.tree([*entries, ("40000", b"below", below), ("100644", b"good.txt", good_blob)])
    repository.git("update-ref", "refs/heads/main", repository.raw_commit(tree))

    reading = workbench.read(repository)

    assert set(reading.exposures(good)) == {"good.txt", "below/good.txt"}
    for name, secret in zip(BAD_NAMES, secrets, strict=True):
        assert len(reading.exposures(secret)) == 1, name
        assert bad_names([b"good", name]) == 1, name
    assert reading.skips["entry with a name that git refuses"] == len(BAD_NAMES)


@pytest.mark.parametrize(
    "junk", [b"junk", b"100644 no-end", b"100644 short\0abc", b"999999999 x\0" + b"a" * 20, b"1 " * 50_000]
)
def test_g22_a_malformed_tree_is_partial_and_hides_no_other(
    workbench: Workbench, repository: Repository, junk: bytes
) -> None:
    good, beside = new_secret(), new_secret()
    commit = repository.commit({"good.txt": secret_file(good)})
    blob = repository.store(secret_file(beside))
    bad = repository.store(b"100644 beside.txt\0" + bytes.fromhex(blob) + junk, "tree")
    repository.git("update-ref", "refs/heads/main", repository.raw_commit(bad, [commit]))

    reading = workbench.read(repository)

    assert reading.place(good, "good.txt") == "history"
    assert reading.place(beside, "beside.txt") == "tip"
    assert reading.partial
    assert reading.skips["malformed tree"] == 1


@pytest.mark.parametrize("content", [b"", b"tree zzz\n", b"no header at all", b"tree " + b"0" * 40 + b"\n\n"])
def test_g22_a_commit_without_a_tree_hides_no_ancestor(
    workbench: Workbench, repository: Repository, content: bytes
) -> None:
    good, after = new_secret(), new_secret()
    first = repository.commit({"good.txt": secret_file(good)})
    broken = repository.store(content or b"\n", "commit")
    last = repository.raw_commit(
        repository.tree([("100644", b"after.txt", repository.store(secret_file(after)))]), [broken, first]
    )
    repository.git("update-ref", "refs/heads/main", last)

    reading = workbench.read(repository)

    assert reading.place(good, "good.txt") == "history"
    assert reading.place(after, "after.txt") == "tip"
    assert reading.partial
