"""Which hosts a source that was added in the browser may lead to: SECURITY W11 to W13."""

from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest

from posture.common import env
from posture.common.env import SettingError
from posture.common.inside import (
    HostRefused,
    HostUnknown,
    Network,
    inside,
    literal,
    look_up,
    may_be_read_on_the_way,
    reachable,
    refuse_at_sight,
)

OUTSIDE = Network()
INSIDE_ADDRESSES = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254",
    "192.168.0.1", "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "168.63.129.16",
    "192.0.0.192", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "fd12:3456::1", "ff02::1", "100::1",
    "2001:db8::1", "3fff::1", "5f00::1", "2001:2::1",
    "::ffff:127.0.0.1", "::ffff:a00:1", "::ffff:0:127.0.0.1", "::127.0.0.1", "::a9fe:a9fe",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "64:ff9b:1::808:808", "64:ff9b:1::7f00:1",
    "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::",
    "2001:0:7f00:1::1", "2001:0:808:808::80ff:fffe", "2a00:1450::5efe:7f00:1", "2a00:1450::200:5efe:a00:1",
]  # fmt: skip
OUTSIDE_ADDRESSES = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "126.255.255.255", "128.0.0.1",
    "172.15.255.255", "172.32.0.1", "169.253.255.255", "192.167.255.255", "198.17.255.255", "198.20.0.1",
    "223.255.255.255", "2606:4700:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808",
    "2002:808:808::1", "2001:0:808:808::f7f7:f7f7", "2a00:1450::5efe:808:808",
]  # fmt: skip


@pytest.mark.parametrize(
    ("host", "internal", "readable"),
    [
        ("vault.example", (), True),
        ("8.8.8.8", (), True),
        ("10.0.0.5", ("10.0.0.5",), False),
        ("10.0.0.5", ("10.0.0.0/8",), False),
        ("10.0.0.5", ("192.168.0.0/16",), True),
        ("8.8.8.8", ("10.0.0.0/8",), True),
        ("::ffff:10.0.0.5", ("10.0.0.0/8",), False),
        ("Vault.Example.", ("vault.example",), False),
        ("vault.example.evil.net", ("vault.example",), True),
        ("127.0.0.1", (), False),
        ("::1", (), False),
        ("localhost", (), False),
        ("localhost.evil.net", (), True),
    ],
)
def test_w11_clear_text_passes_strangers_but_on_this_machine_and_where_an_operator_names_the_host(
    host: str, internal: tuple[str, ...], readable: bool
) -> None:
    assert may_be_read_on_the_way(host, Network(internal=internal)) is readable
    assert not may_be_read_on_the_way(host, Network(anywhere=True))


@pytest.mark.parametrize("text", INSIDE_ADDRESSES)
def test_w13_an_address_of_the_inside_is_refused_whatever_it_is_wrapped_in(text: str) -> None:
    assert inside(ip_address(text.partition("%")[0]))
    with pytest.raises(HostRefused, match="POSTURE_INTERNAL_HOSTS"):
        reachable("git.example", 443, OUTSIDE, lambda *_: [text])


@pytest.mark.parametrize("text", OUTSIDE_ADDRESSES)
def test_w13_a_public_address_is_none_of_it(text: str) -> None:
    assert inside(ip_address(text)) == ""
    assert reachable("git.example", 443, OUTSIDE, lambda *_: [text]) == [str(ip_address(text))]


@pytest.mark.parametrize("spelling", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "0", "①②⑦.1", "localhost"])
def test_w13_odd_spellings_of_loopback_are_judged_by_where_they_lead(spelling: str) -> None:
    with pytest.raises(HostRefused):
        reachable(spelling, 443, OUTSIDE)


def test_w12_one_inside_address_among_public_ones_refuses_the_name() -> None:
    with pytest.raises(HostRefused):
        reachable("git.example", 443, OUTSIDE, lambda *_: ["8.8.8.8", "10.0.0.1"])


def test_w12_a_name_is_looked_up_once_and_the_judged_addresses_are_what_comes_back() -> None:
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])

    assert reachable("git.example", 443, OUTSIDE, lambda *_: next(answers)) == ["8.8.8.8"]
    assert next(answers) == ["127.0.0.1"]


def test_w11_a_refusal_names_the_setting_and_not_the_address() -> None:
    with pytest.raises(HostRefused) as refused:
        reachable("git.corp", 443, OUTSIDE, lambda *_: ["10.11.12.13"])

    assert "git.corp leads to a private network" in str(refused.value)
    assert "10.11.12.13" not in str(refused.value)


@pytest.mark.parametrize(
    ("internal", "address"),
    [
        ("git.corp", "10.0.0.5"), ("git.corp", "127.0.0.1"), ("git.corp", "fd12::1"), ("10.0.0.0/8", "10.0.0.5"),
        ("10.0.0.5", "10.0.0.5"), ("10.0.0.0/8", "::ffff:10.0.0.5"), ("10.0.0.0/8", "64:ff9b::a00:5"),
        ("fd12::/16", "fd12::1"), ("169.254.1.1", "169.254.1.1"),
    ],
)  # fmt: skip
def test_w11_a_host_that_the_server_names_may_be_reached_inside(internal: str, address: str) -> None:
    assert reachable("git.corp", 443, Network(internal=(internal,)), lambda *_: [address])


@pytest.mark.parametrize(
    ("internal", "address"),
    [
        ("other.corp", "10.0.0.5"), ("corp", "10.0.0.5"), ("10.1.0.0/16", "10.0.0.5"), ("10.0.0.5", "10.0.0.6"),
        ("10.0.0.0/8", "192.168.0.1"), ("10.0.0.0/8", "::ffff:192.168.0.1"), ("git.corp", "169.254.169.254"),
        ("git.corp", "fd00:ec2::254"), ("git.corp", "224.0.0.1"), ("::/0", "10.0.0.5"),
        ("2001::/32", "2001:0:7f00:1::1"), ("10.0.0.0/8", "2a00:1450::5efe:a00:1"),
    ],
)  # fmt: skip
def test_w12_one_allowed_host_opens_no_other(internal: str, address: str) -> None:
    with pytest.raises(HostRefused):
        reachable("git.corp", 443, Network(internal=(internal,)), lambda *_: [address])


def test_w11_what_was_placed_by_an_operator_may_lead_anywhere() -> None:
    assert reachable("git.corp", 443, Network(anywhere=True), lambda *_: ["10.0.0.5"]) == ["10.0.0.5"]


def test_a_name_that_leads_nowhere_is_said() -> None:
    def fail(*_: object) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(HostUnknown, match="cannot be found"):
        reachable("git.example", 443, OUTSIDE, fail)
    with pytest.raises(HostUnknown):
        reachable("git.example", 443, OUTSIDE, lambda *_: [])


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "[::1]", "localhost", "LOCALHOST.", "a.localhost", "fe80::1%1"]
)
def test_w11_what_is_inside_at_sight_needs_no_look_up(host: str) -> None:
    with pytest.raises(HostRefused):
        refuse_at_sight(host, OUTSIDE)


def test_w11_a_name_is_not_looked_up_while_a_form_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", None)

    refuse_at_sight("git.example", OUTSIDE)
    refuse_at_sight("8.8.8.8", OUTSIDE)


def test_a_literal_is_told_from_a_name() -> None:
    assert literal("[::1]") == ip_address("::1")
    assert literal("git.example") is None


def test_the_system_is_asked_for_every_address() -> None:
    assert "127.0.0.1" in look_up("127.0.0.1", 443)


def test_the_network_travels_as_json() -> None:
    network = Network(True, ("git.corp", "10.0.0.0/8"), "/ca.pem", "/ssh")

    assert Network.from_dict(network.to_dict()) == network


@pytest.mark.parametrize(
    "value", ["10.2.3.4/8", "300.1.1.1", "git.corp/24", "*.corp", "https://git.corp", "git corp", "127.1"]
)
def test_an_internal_host_that_is_none_is_said_at_start(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_TEST_HOSTS", f"git.corp,{value}")

    with pytest.raises(SettingError, match="POSTURE_TEST_HOSTS has"):
        env.hosts("POSTURE_TEST_HOSTS", "")
    env.VARIABLES.pop("POSTURE_TEST_HOSTS")


def test_internal_hosts_are_names_addresses_and_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_TEST_HOSTS", "Git.Corp., 10.2.0.0/16, fd00::/8,10.0.0.1, intranet")

    assert env.hosts("POSTURE_TEST_HOSTS", "") == ("git.corp", "10.2.0.0/16", "fd00::/8", "10.0.0.1", "intranet")
    env.VARIABLES.pop("POSTURE_TEST_HOSTS")
