"""Each variable and option with which git is started (SECURITY 2d), and what git does once it is taken away."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from inventory.repository.command import Git, GitFailed
from tests.repository.markers import Markers
from tests.repository.workbench import Repository
from tests.services.git_host import GitHost
from tests.services.process import stop_group

Weaken = Callable[[Git], None]


@dataclass
class Trap:
    """A repository and a home that would like git to do something; `sprung` says whether it did."""

    folder: Path
    repository: Repository
    markers: Markers

    def tried(self, git: Git, *arguments: str, content: str | None = None) -> str:
        """Run git inside the repository, as the product never does, and return what it printed."""
        with git.input_file((content or "").encode().splitlines()) as told, suppress(GitFailed):
            return git.run(["-C", str(self.repository.path), *arguments], stdin=told).decode()
        return ""

    def replaced(self, git: Git) -> bool:
        dirty, clean = self.repository.store(b"dirty\n"), self.repository.store(b"clean\n")
        self.repository.git("replace", "--force", dirty, clean)
        return self.tried(git, "cat-file", "blob", dirty) == "clean\n"

    def grafted(self, git: Git) -> bool:
        self.repository.commit({"a.txt": "one\n"})
        last = self.repository.commit({"a.txt": "two\n"})
        (self.repository.git_dir / "info/grafts").write_text(f"{last}\n")
        return self.tried(git, "rev-list", "--count", "HEAD").strip() == "1"

    def configured(self, git: Git) -> bool:
        return self.tried(git, "config", "--get", "planted.key").strip() == "yes"

    def system(self, git: Git) -> bool:
        (self.folder / "system").write_text("[planted]\n\tkey = yes\n")
        git.environment["GIT_CONFIG_SYSTEM"] = str(self.folder / "system")
        return self.configured(git)

    def home(self, git: Git) -> bool:
        Path(git.environment["HOME"], ".gitconfig").write_text("[planted]\n\tkey = yes\n")
        return self.configured(git)

    def protocol(self, git: Git) -> bool:
        self.tried(git, "-c", "protocol.ext.allow=always", "ls-remote", f"ext::{self.markers.script('ext')}")
        return "ext" in self.markers.made

    def hook(self, git: Git) -> bool:
        self.repository.commit({"a.txt": "one\n"})
        hooks = self.repository.git_dir / "hooks"
        hooks.mkdir(exist_ok=True)
        (hooks / "reference-transaction").symlink_to(self.markers.script("hook"))
        self.tried(git, "update-ref", "refs/heads/other", "HEAD")
        return "hook" in self.markers.made

    def fsmonitor(self, git: Git) -> bool:
        self.repository.commit({"a.txt": "one\n"})
        self.repository.git("config", "core.fsmonitor", str(self.markers.script("fsmonitor")))
        self.tried(git, "status")
        return "fsmonitor" in self.markers.made

    def old_protocol(self, git: Git) -> bool:
        self.repository.commit({"a.txt": "one\n"})
        self.repository.git("config", "protocol.version", "0")
        trace = self.folder / "trace"
        git.environment["GIT_TRACE_PACKET"] = str(trace)
        self.tried(git, "ls-remote", f"file://{self.repository.path}")
        return "version 2" not in trace.read_text()

    def helper(self, git: Git) -> bool:
        self.repository.git("config", "credential.helper", f"!{self.markers.script('helper')}")
        self.tried(git, "credential", "fill", content="protocol=https\nhost=host.example\n")
        return "helper" in self.markers.made

    def askpass(self, git: Git) -> bool:
        self.repository.git("config", "core.askPass", str(self.markers.script("askpass")))
        self.tried(git, "credential", "fill", content="protocol=https\nhost=host.example\n")
        return "askpass" in self.markers.made

    def lock(self, git: Git) -> bool:
        self.repository.commit({"a.txt": "one\n"})
        index = self.repository.git_dir / "index"
        os.utime(self.repository.path / "a.txt", (1, 1))
        before = index.read_bytes()
        self.tried(git, "status")
        return index.read_bytes() != before

    def asked(self, git: Git) -> bool:
        """Say whether git asks at the terminal that its process has."""
        ours, theirs = pty.openpty()
        # The first terminal that the leader of a session opens is its own.
        script = f"exec 3<>{os.ttyname(theirs)}; printf 'protocol=https\\nhost=host.example\\n\\n' | \"$@\" 2>&3"
        process = subprocess.Popen(
            ["sh", "-c", script, "sh", "git", *git.options, "credential", "fill"],
            env=git.environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        said, until = b"", time.monotonic() + 20
        while b"Username for" not in said and time.monotonic() < until:
            if select.select([ours], [], [], 0.2)[0]:
                said += os.read(ours, 4096)
        stop_group(process, signal.SIGKILL)
        os.close(theirs)
        os.close(ours)
        assert b"Username for" in said
        return b"could not read Username for" not in said


def unset(name: str) -> Weaken:
    return lambda git: git.environment.__delitem__(name)


def let(name: str, value: str) -> Weaken:
    return lambda git: git.environment.__setitem__(name, value)


def without(option: str) -> Weaken:
    def take(git: Git) -> None:
        place = git.options.index(option)
        del git.options[place - 1 : place + 1]

    return take


@pytest.mark.parametrize(
    ("trap", "weaken"),
    [
        pytest.param(Trap.replaced, unset("GIT_NO_REPLACE_OBJECTS"), id="GIT_NO_REPLACE_OBJECTS"),
        pytest.param(Trap.grafted, unset("GIT_GRAFT_FILE"), id="GIT_GRAFT_FILE"),
        pytest.param(Trap.system, unset("GIT_CONFIG_NOSYSTEM"), id="GIT_CONFIG_NOSYSTEM"),
        pytest.param(Trap.home, unset("GIT_CONFIG_GLOBAL"), id="GIT_CONFIG_GLOBAL"),
        pytest.param(Trap.protocol, let("GIT_ALLOW_PROTOCOL", "ext"), id="GIT_ALLOW_PROTOCOL"),
        pytest.param(Trap.asked, unset("GIT_TERMINAL_PROMPT"), id="GIT_TERMINAL_PROMPT"),
        pytest.param(Trap.askpass, unset("GIT_ASKPASS"), id="GIT_ASKPASS"),
        pytest.param(Trap.lock, unset("GIT_OPTIONAL_LOCKS"), id="GIT_OPTIONAL_LOCKS"),
        pytest.param(Trap.hook, without("core.hooksPath=/dev/null"), id="core.hooksPath"),
        pytest.param(Trap.fsmonitor, without("core.fsmonitor=false"), id="core.fsmonitor"),
        pytest.param(Trap.old_protocol, without("protocol.version=2"), id="protocol.version"),
        pytest.param(Trap.helper, without("credential.helper="), id="credential.helper"),
    ],
)
def test_g12_each_guard_of_the_reference_command_holds_and_nothing_else_would(
    tmp_path: Path, trap: Callable[[Trap, Git], bool], weaken: Weaken
) -> None:
    sprung = {}
    for name in ("guarded", "weakened"):
        folder = tmp_path / name
        (folder / "scratch").mkdir(parents=True)
        git = Git(folder / "scratch", protocol="file")
        if name == "weakened":
            weaken(git)
        sprung[name] = trap(Trap(folder, Repository(folder / "repository"), Markers(folder)), git)

    assert sprung == {"guarded": False, "weakened": True}


@pytest.mark.slow
@pytest.mark.parametrize("guarded", [True, False])
def test_g11_the_servers_home_gives_git_no_password(
    tmp_path: Path, host: GitHost, remote: Repository, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".netrc").write_text("machine 127.0.0.1 login planted password planted\n")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "scratch").mkdir()
    git = Git(tmp_path / "scratch", protocol="https", options=["-c", "http.sslVerify=false"])
    if not guarded:
        git.environment["HOME"] = os.environ["HOME"]
    host.wants = "git:other"

    with pytest.raises(GitFailed):
        git.run(["ls-remote", host.url("team/app.git")])

    assert bool(host.told("Authorization")) == (not guarded)


def test_g12_nothing_of_the_servers_own_environment_comes_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "GIT_DIR",
        "GIT_EXEC_PATH",
        "GIT_SSH",
        "GIT_CONFIG_COUNT",
        "GIT_PROXY_COMMAND",
        "https_proxy",
        "LD_PRELOAD",
    ):
        monkeypatch.setenv(name, "/planted")

    assert "/planted" not in Git(tmp_path).environment.values()


@pytest.mark.parametrize("megabytes", [0, 30])
def test_g35_what_git_says_is_drained_and_only_its_beginning_kept(tmp_path: Path, megabytes: int) -> None:
    git = Git(tmp_path)
    alias = f"alias.talk=!head -c {megabytes << 20} /dev/zero | tr '\\0' x >&2; exit 3"

    process = git.start(["-c", alias, "talk"])
    process.stdout.read()
    failed = process.close()

    assert failed
    assert failed.code == 3
    assert len(process._said) == len(failed.message) == (64 * 1024 if megabytes else 0)
