"""A git host over ssh: a real OpenSSH server on loopback, with a key of this test run."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.process import free_port, missing, server, wait_until


@dataclass
class SshHost:
    """A running server, and the client's side of it."""

    port: int
    folder: Path
    config: Path
    """What `POSTURE_SSH_CONFIG` would name: the key and the known hosts."""
    log: Path
    user: str

    @property
    def connections(self) -> int:
        """How many connections there were besides the one by which we learned that it runs."""
        return self._logged() - 1

    def _logged(self) -> int:
        return self.log.read_text().count("Connection from")

    def url(self, repository: Path, host: str = "127.0.0.1") -> str:
        """Return the address of a repository."""
        return f"ssh://{self.user}@{host}:{self.port}{repository}"

    def know(self, *hosts: str) -> None:
        """Let the client know the server's key under these names."""
        key = (self.folder / "host_key.pub").read_text().rsplit(" ", 1)[0]
        (self.folder / "known_hosts").write_text("".join(f"[{host}]:{self.port} {key}\n" for host in hosts))


def daemon() -> str:
    """Return the server's program, or skip; it insists on being started by its full path."""
    found = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if found is None:
        missing("An OpenSSH server", "openssh-server")
    if shutil.which("ssh") is None:
        missing("ssh", "openssh-client")
    return str(found)


@contextmanager
def ssh_host(folder: Path) -> Iterator[SshHost]:
    """Start a server that lets in the user of this process by key, and only so."""
    program = daemon()
    folder.mkdir(mode=0o700)
    for name in ("host_key", "client_key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    shutil.copy(folder / "client_key.pub", folder / "authorized_keys")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # Where it gives up its rights, or it does not start.
    port = free_port()
    settings = {
        "Port": port,
        "ListenAddress": "127.0.0.1",
        "HostKey": folder / "host_key",
        "AuthorizedKeysFile": folder / "authorized_keys",
        "PidFile": "none",
        "UsePAM": "no",
        "StrictModes": "no",
        "PasswordAuthentication": "no",
        "KbdInteractiveAuthentication": "no",
        "PermitRootLogin": "prohibit-password",
        "LogLevel": "VERBOSE",
    }
    (folder / "sshd_config").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    config = folder / "config"
    config.write_text(
        f"IdentityFile {folder / 'client_key'}\nIdentitiesOnly yes\nUserKnownHostsFile {folder / 'known_hosts'}\n"
        "GlobalKnownHostsFile none\n"
    )
    log = folder / "sshd.log"
    host = SshHost(port, folder, config, log, getpass.getuser())
    host.know("127.0.0.1")
    with server([program, "-D", "-e", "-f", str(folder / "sshd_config")], port, log):
        wait_until(host._logged, 10, "our own connection in the log")
        yield host
