"""Clones over ssh from a real OpenSSH server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inventory.collector import CollectorError
from posture.common.inside import Network
from tests.repository.network import Client, client, push
from tests.repository.workbench import Repository, new_secret, secret_file
from tests.services.ssh_host import SshHost, ssh_host

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SshHost]:
    with ssh_host(tmp_path / "ssh") as running:
        yield running


@pytest.fixture
def over_ssh(tmp_path: Path, server: SshHost, remote: Repository, engine_folder: Path) -> Client:
    (tmp_path / "engine").symlink_to(engine_folder)
    return client(tmp_path, server.url(remote.path), Network(anywhere=True, ssh_config=str(server.config)))


def test_a_repository_is_cloned_over_ssh_and_later_only_what_is_new(over_ssh: Client, work: Repository) -> None:
    first, second = new_secret(), new_secret()
    push(work, {"a.txt": secret_file(first)})
    over_ssh.read()
    push(work, {"b.txt": secret_file(second)})

    reading = over_ssh.read()

    assert reading.place(first, "a.txt") == "tip"
    assert reading.place(second, "b.txt") == "tip"
    assert reading.done.counts["blobs"] == 1


def test_a_host_key_that_is_not_known_is_refused_and_what_to_do_is_said(
    over_ssh: Client, server: SshHost, work: Repository
) -> None:
    push(work, {"a.txt": "clean\n"})
    server.know()

    with pytest.raises(CollectorError, match="known hosts of the worker's user"):
        over_ssh.read()

    assert "Accepted" not in server.log.read_text()


def test_a_key_that_the_host_does_not_know_is_said(over_ssh: Client, server: SshHost, work: Repository) -> None:
    push(work, {"a.txt": "clean\n"})
    (server.folder / "authorized_keys").write_text("")

    with pytest.raises(CollectorError, match="refuses the ssh key"):
        over_ssh.read()


def test_a_repository_that_is_not_there_over_ssh_is_said(over_ssh: Client, server: SshHost, remote: Repository) -> None:
    over_ssh.url = server.url(remote.path.parent / "none.git")

    with pytest.raises(CollectorError, match="no such repository"):
        over_ssh.read()


def test_g11_an_ssh_address_takes_no_credential(over_ssh: Client, server: SshHost) -> None:
    with pytest.raises(CollectorError, match="Remove the credential"):
        over_ssh.read(credential="file:git")

    assert server.connections == 0


def test_w11_ssh_added_in_a_browser_reaches_nothing_inside(over_ssh: Client, server: SshHost) -> None:
    with pytest.raises(CollectorError, match="POSTURE_INTERNAL_HOSTS"):
        over_ssh.read(network=Network(ssh_config=str(server.config)))

    assert server.connections == 0


def test_w12_ssh_goes_to_the_judged_address_and_checks_the_name_that_was_given(
    over_ssh: Client, server: SshHost, work: Repository, remote: Repository
) -> None:
    secret = new_secret()
    push(work, {"a.txt": secret_file(secret)})
    over_ssh.url = server.url(remote.path, host="localhost")
    server.know("localhost")
    # The worker's own configuration would lead the name elsewhere, and through a gateway.
    with server.config.open("a") as config:
        config.write("HostName 192.0.2.1\nProxyCommand false\n")

    reading = over_ssh.read(network=Network(internal=("localhost",), ssh_config=str(server.config)))

    assert reading.place(secret, "a.txt") == "tip"


def test_what_an_operator_placed_goes_where_the_configuration_of_ssh_leads(
    over_ssh: Client, server: SshHost, work: Repository, remote: Repository
) -> None:
    push(work, {"a.txt": "clean\n"})
    over_ssh.url = server.url(remote.path, host="alias.example")
    server.know("127.0.0.1")
    with server.config.open("a") as config:
        config.write("HostName 127.0.0.1\n")

    over_ssh.read()

    assert server.connections > 0
