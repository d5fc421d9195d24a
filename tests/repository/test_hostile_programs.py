"""Repositories that want to run a program or leave their folder (SECURITY 2a)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from inventory.collector import CollectorError
from inventory.collectors.repositories import RepositoriesCollector
from inventory.repository.address import AddressError, parse_address
from inventory.repository.command import Git, GitFailed
from inventory.repository.foreign import Refused
from tests.repository.markers import Markers
from tests.repository.workbench import Repository, Workbench, new_secret, secret_file

Make = Callable[..., Repository]


@pytest.fixture
def markers(tmp_path: Path) -> Markers:
    return Markers(tmp_path)


def test_g1_no_configured_program_runs_in_a_first_or_a_later_read(
    workbench: Workbench, repository: Repository, markers: Markers
) -> None:
    first, later = new_secret(), new_secret()
    repository.commit({"a.txt": secret_file(first)})
    (repository.path / "a.txt").write_text("changed\n")
    markers.arm(repository)

    assert workbench.read(repository).place(first, "a.txt") == "tip"
    assert markers.made == set()
    blob = repository.store(secret_file(later))
    commit = repository.raw_commit(repository.tree([("100644", b"b.txt", blob)]), [repository.head()])
    (repository.git_dir / "refs/heads/main").write_text(f"{commit}\n")
    shutil.rmtree(markers.folder)
    markers.folder.mkdir()
    assert workbench.read(repository).place(later, "b.txt") == "tip"

    assert markers.made == set()
    # The control: the same repository, read by git in its own folder, runs programs.
    repository.git("status", check=False)
    repository.git("diff", check=False)
    assert "fsmonitor" in markers.made
    assert markers.made & {"clean", "process"}


def test_g2_a_missing_object_is_not_fetched_by_a_program_and_hides_no_other(
    workbench: Workbench, repository: Repository, markers: Markers
) -> None:
    lost, kept = new_secret(), new_secret()
    repository.commit({"lost.txt": secret_file(lost), "kept.txt": secret_file(kept)})
    blob = repository.head("HEAD:lost.txt")
    (repository.git_dir / "objects" / blob[:2] / blob[2:]).unlink()
    repository.git("config", "core.repositoryFormatVersion", "1")
    repository.git("config", "extensions.partialClone", "o")
    repository.git("config", "remote.o.url", str(repository.path))
    repository.git("config", "remote.o.promisor", "true")
    repository.git("config", "remote.o.uploadpack", str(markers.script("lazy-fetch")))

    reading = workbench.read(repository)

    assert markers.made == set()
    assert reading.place(kept, "kept.txt") == "tip"
    assert reading.place(lost, "lost.txt") == "nowhere"
    assert reading.partial
    assert reading.skips == {"damaged repository": 1}
    repository.git("cat-file", "-p", blob, check=False)
    assert markers.made == {"lazy-fetch"}


def test_g3_changed_files_are_not_compared_by_git(
    workbench: Workbench, repository: Repository, markers: Markers
) -> None:
    committed, uncommitted = new_secret(), new_secret()
    repository.commit({"a.txt": secret_file(committed)})
    markers.arm(repository)
    (repository.path / "a.txt").write_bytes(secret_file(uncommitted))

    reading = workbench.read(repository)

    assert reading.place(committed, "a.txt") == "tip"
    assert markers.made == set()
    repository.git("-c", "core.fsmonitor=false", "diff", "--no-ext-diff", "--no-textconv", check=False)
    assert markers.made & {"clean", "process"}


HOSTILE_ADDRESSES = [
    "ext::sh -c touch% /tmp/marker",
    "fd::7",
    "--upload-pack=touch marker",
    "-u",
    "-oProxyCommand=touch marker",
    "ssh://-oProxyCommand=touch/x",
    "ssh://git@-oProxyCommand=touch/x",
    "ssh://host:22/-x",
    "ssh://us er@host/x",
    "-oProxyCommand@host:x",
    "git@host:-x",
    "git@host:~/x",
    "https://host/a\r\nb",
    "https://host/a\nb",
    "https://host/a\0b",
    "https://host/$HOME",
    "https://host/~root/x",
    "https://host/../x",
    "https://host/a/./x",
    "https://user:pass@host/x",
    "https://token@host/x",
    "https://host\\@other/x",
    "https://host:99999/x",
    "https://ho st/x",
    "https:///x",
    "http://host/x",
    "git://host/x",
    "ftp://host/x",
    "file://host/x",
    "/etc",
    "~/x",
    "https://host/x?y=1",
    "https://host/x#y",
    "https://[::1]/x",
    "",
    "https://" + "a" * 300 + "/x",
]


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES)
def test_g4_an_address_that_could_mean_more_is_refused(address: str) -> None:
    with pytest.raises(AddressError):
        parse_address(address)
    with pytest.raises(CollectorError):
        RepositoriesCollector.clean({"url": address})


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("https://Git.Example.com/team/repo.git", "https://git.example.com/team/repo.git"),
        ("https://example.com:8443/a/b/", "https://example.com:8443/a/b"),
        ("https://github.com/org/.github", "https://github.com/org/.github"),
        ("ssh://git@example.com:2222/a/b.git", "ssh://git@example.com:2222/a/b.git"),
        ("git@example.com:a/b.git", "ssh://git@example.com/a/b.git"),
    ],
)
def test_g4_an_ordinary_address_is_taken(address: str, canonical: str) -> None:
    assert parse_address(address).text == canonical


def test_g4_git_itself_is_told_which_protocol_it_may_use(
    workbench: Workbench, tmp_path: Path, markers: Markers
) -> None:
    script = markers.script("ext")
    (tmp_path / "scratch").mkdir()
    git = Git(tmp_path / "scratch", protocol="https")

    with pytest.raises(GitFailed):
        git.run(["clone", "--mirror", "--", f"ext::{script}", str(tmp_path / "x")])
    assert markers.made == set()
    git.environment["GIT_ALLOW_PROTOCOL"] = "ext"
    with pytest.raises(GitFailed):
        git.run(["clone", "--mirror", "--", f"ext::{script}", str(tmp_path / "x")])
    assert markers.made == {"ext"}


HOSTILE_REFERENCES = [
    "refs/heads/--output=marker",
    "refs/heads/-x",
    "refs/heads/--all",
    "refs/heads/$(touch marker)",
    "refs/heads/`touch marker`",
    "refs/heads/;touch marker".replace(" ", "${IFS}"),
    "refs/heads/|x",
    "refs/heads/&x",
    "refs/tags/--upload-pack=x",
    "refs/remotes/--upload-pack=x",
    "refs/heads/<script>",
    "refs/heads/caf\u00e9",
    "refs/heads/'quote\"",
]


def test_g6_references_named_like_options_are_read_and_do_nothing(
    workbench: Workbench, repository: Repository, tmp_path: Path
) -> None:
    repository.commit({"a.txt": "clean\n"})
    secrets = []
    packed = []
    for number, ref in enumerate(HOSTILE_REFERENCES):
        secrets.append(new_secret())
        tree = repository.tree([("100644", b"%d.txt" % number, repository.store(secret_file(secrets[-1])))])
        packed.append(f"{repository.raw_commit(tree)} {ref.replace(' ', '+')}\n")
    (repository.git_dir / "packed-refs").write_text("# pack-refs with: peeled \n" + "".join(sorted(packed)))

    reading = workbench.read(repository)

    for number, secret in enumerate(secrets):
        assert reading.place(secret, f"{number}.txt") == "ref", HOSTILE_REFERENCES[number]
    assert not list(tmp_path.rglob("*marker*"))
    repository.git("log", "-1", f"--output={tmp_path}/marker", check=False)
    assert list(tmp_path.rglob("*marker*"))


def test_g12_a_template_folder_in_the_home_gives_no_hooks(
    workbench: Workbench, repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, markers: Markers
) -> None:
    home = tmp_path / "home"
    hooks = home / "template" / "hooks"
    hooks.mkdir(parents=True)
    shutil.copy(markers.script("template-hook"), hooks / "reference-transaction")
    (home / ".gitconfig").write_text(f"[init]\n\ttemplateDir = {home}/template\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_TEMPLATE_DIR", f"{home}/template")
    repository.commit({"a.txt": "clean\n"})

    workbench.read(repository)

    assert markers.made == set()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_g14_a_folder_of_somebody_else_is_read_because_the_source_names_it(
    workbench: Workbench, repository: Repository
) -> None:
    secret = new_secret()
    repository.commit({"a.txt": secret_file(secret)})
    for path in [repository.path, *repository.path.rglob("*")]:
        os.chown(path, 12345, 12345)

    reading = workbench.read(repository)

    assert reading.place(secret, "a.txt") == "tip"
    assert not reading.partial


def test_g20_borrowed_objects_are_refused(workbench: Workbench, make_repository: Make) -> None:
    victim, attacker = make_repository("victim"), make_repository("attacker")
    secret = new_secret()
    stolen = victim.commit({"a.txt": secret_file(secret)})
    attacker.commit({"b.txt": "clean\n"})
    (attacker.git_dir / "objects/info").mkdir(exist_ok=True)
    (attacker.git_dir / "objects/info/alternates").write_text(f"{victim.git_dir}/objects\n")
    (attacker.git_dir / "refs/heads/stolen").write_text(f"{stolen}\n")

    with pytest.raises(Refused, match="borrows objects"):
        workbench.read(attacker)
    assert secret.encode() in attacker.git("show", "stolen:a.txt")


@pytest.mark.parametrize("link", ["objects", "objects/pack", "refs", "objects/xx"])
def test_g20_linked_object_folders_are_refused(workbench: Workbench, make_repository: Make, link: str) -> None:
    victim, attacker = make_repository("victim"), make_repository("attacker")
    victim.commit({"a.txt": "clean\n"})
    attacker.commit({"b.txt": "clean\n"})
    fan = "objects/" + victim.head()[:2]
    name = fan if link == "objects/xx" else link
    place = attacker.git_dir / name
    if place.is_dir():
        shutil.rmtree(place)
    place.symlink_to(victim.git_dir / name)

    with pytest.raises(Refused):
        workbench.read(attacker)
