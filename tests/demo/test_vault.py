"""The demo's vault as a real server: filled, started again, collected, and what it keeps to itself."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inventory.vault.rights import least_rights
from posture.demo.vault import place as places
from posture.demo.vault.api import VaultAPI
from posture.demo.vault.make import READER_POLICY
from posture.demo.vault.place import VaultPlace
from posture.demo.vault.planted import planted_values
from posture.demo.vault.server import answers, url
from posture.demo.vault.stored import MOUNTS, stored
from tests.services import openbao
from tests.services.process import free_port, missing, wait_until

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


class Vault:
    """The demo's vault, started as the product starts it."""

    def __init__(self, demo: Path) -> None:
        self.demo, self.port = demo, free_port()
        self.place = VaultPlace.below(demo)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        line = [sys.executable, "-m", "posture.demo.vault", str(self.demo), str(self.port), str(self.demo / "logs")]
        self.process = subprocess.Popen(line, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        wait_until(lambda: self.place.is_made and answers(self.port), 180, "the demo's vault")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def reader(self) -> VaultAPI:
        """The server as the demo's source reads it."""
        api = VaultAPI(url(self.port))
        credential = json.loads(self.place.credential.read_text())
        api.token = api("POST", "auth/approle/login", credential)["auth"]["client_token"]
        return api


@pytest.fixture(scope="session")
def vault(organisation):
    need_openbao()
    demo = organisation.root.parent
    (demo / READER_POLICY).write_text(least_rights())
    one = Vault(demo)
    one.start()
    yield one
    one.stop()


def test_the_server_itself_tells_the_ages_that_were_planned(vault):
    api, now = vault.reader(), datetime.now(UTC)

    for each in [each for each in stored() if MOUNTS[each.mount] == 2][::12]:
        told = api("GET", f"{each.mount}/metadata/{each.path}")["data"]["versions"]
        for number, days in enumerate(each.ages, 1):
            made = datetime.fromisoformat(told[str(number)]["created_time"])
            assert abs(now - timedelta(days=days) - made) < timedelta(hours=1), each.path
        assert len(told) == len(each.ages)


def test_values_in_repositories_are_the_same_in_the_vault(vault, organisation):
    api, planted = vault.reader(), planted_values(organisation.root)

    checked = 0
    for each in stored():
        if each.value in planted and MOUNTS[each.mount] == 2:
            version = str(each.version or len(each.ages))
            held = api("GET", f"{each.mount}/data/{each.path}", version=version)["data"]["data"][each.key]
            # Compared before the assertion, which would show both.
            same = held == planted[each.value][1].replace("\\n", "\n")
            assert same, each.path
            checked += 1
    assert checked >= 20


def test_a_second_start_serves_the_same(vault):
    secret = next(each for each in stored() if MOUNTS[each.mount] == 2)
    path = f"{secret.mount}/data/{secret.path}"
    before = vault.reader()("GET", path)["data"]

    assert vault.stop() == 0
    vault.start()

    same = vault.reader()("GET", path)["data"] == before
    assert same


def test_the_server_is_for_this_machine_and_this_user_only(vault):
    for file in (vault.place.seal_key, vault.place.credential):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(vault.place.folder.stat().st_mode) & 0o077 == 0
    assert listeners(vault.process.pid) == {"0100007F"}


def test_no_key_or_token_stands_in_a_command_a_configuration_or_a_log(vault):
    credential = json.loads(vault.place.credential.read_text())
    private = {vault.place.seal_key.read_text(), *credential.values()}
    public = [
        Path(f"/proc/{vault.process.pid}/cmdline").read_text(),
        Path(f"/proc/{vault.process.pid}/environ").read_text(),
        vault.place.configuration.read_text(),
        *(log.read_text() for log in (vault.demo / "logs").iterdir()),
    ]

    leaked = any(secret in text for secret in private for text in public)
    assert not leaked
    assert "POSTURE_" not in public[1]


def test_records_can_be_written_as_they_lie_only_while_it_is_filled(vault):
    assert json.loads(vault.place.configuration.read_text())["raw_storage_endpoint"] is False
    assert not vault.reader().offers("sys/raw/core")


def test_what_it_was_set_up_with_opens_it_no_more(vault):
    api = vault.reader()

    accessors = api("LIST", "auth/token/accessors")["data"]["keys"]
    names = [
        api("POST", "auth/token/lookup-accessor", {"accessor": each})["data"]["display_name"] for each in accessors
    ]

    assert "token-first-set-up" in names
    assert "root" not in names


def test_no_value_stands_in_the_servers_files(vault, organisation):
    values = [value.encode() for _, value in planted_values(organisation.root).values()]

    files = [file for file in vault.place.folder.rglob("*") if file.is_file()]
    assert {"vault.db", "server.json"} <= {file.name for file in files}
    for file in files:
        content = file.read_bytes()
        leaked = any(value in content for value in values)
        assert not leaked, file.name


def test_a_crash_while_it_is_filled_leaves_none_and_the_next_start_makes_it(organisation, tmp_path):
    need_openbao()
    demo = tmp_path / "demo"
    demo.mkdir()
    (demo / "halden").symlink_to(organisation.root)
    (demo / READER_POLICY).write_text(least_rights())
    line = [sys.executable, "-m", "posture.demo.vault", str(demo), str(free_port()), str(tmp_path / "logs")]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        wait_until(lambda: (demo / ".vault-making" / "store" / "vault.db").exists(), 60, "the store to begin")
        servers = servers_of(demo)
        process.kill()

    assert not VaultPlace.below(demo).is_made
    assert places.missing(demo)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in servers), 20, "the server to follow")


def need_openbao() -> None:
    if not openbao.available():
        missing("OpenBao", openbao.PACKAGE)


def servers_of(demo: Path) -> list[int]:
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"-config={demo}" in line.read_bytes().replace(b"\0", b" ").decode(errors="replace"):
                found.append(int(line.parent.name))
        except OSError:
            continue
    return found


def listeners(pid: int) -> set[str]:
    """The addresses, as the kernel writes them, at which a process listens."""
    sockets = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        if found := re.fullmatch(r"socket:\[(\d+)\]", os.readlink(descriptor)):
            sockets.add(found[1])
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    rows += [line.split() for line in Path("/proc/net/tcp6").read_text().splitlines()[1:]]
    return {row[1].partition(":")[0] for row in rows if row[3] == "0A" and row[9] in sockets}
