"""What the settings of a store's source may be, for all collectors that ask them alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inventory.collector import CollectorError, ConfigField
from inventory.stores.settings import CONCURRENCY, FINGERPRINT, Settings, host_alone, listed, parts_of

FIELDS = (ConfigField("url", "Address", ""), FINGERPRINT, CONCURRENCY)


def settings(**config):
    return Settings.of(config, FIELDS)


def test_an_unknown_setting_is_named_with_those_that_are_known():
    with pytest.raises(CollectorError, match=r"Unknown settings: a, z. Give url, fingerprint, concurrency.") as raised:
        settings(z=1, a=2)

    assert raised.value.permanent


@pytest.mark.parametrize("given", [True, "yes", " On ", "1", 1])
def test_what_is_switched_on_may_be_written_in_several_ways(given):
    assert settings(fingerprint=given).yes("fingerprint") is True


@pytest.mark.parametrize("given", [False, "no", "OFF", "0", 0, "", None])
def test_what_is_switched_off_may_be_written_in_several_ways(given):
    assert settings(fingerprint=given).yes("fingerprint") is False


def test_what_is_not_said_follows_the_field_and_a_no_does_not():
    on = Settings.of({}, [replace(FINGERPRINT, default=True)])
    off = Settings.of({"fingerprint": False}, [replace(FINGERPRINT, default=True)])

    assert on.yes("fingerprint") is True
    assert off.yes("fingerprint") is False


@pytest.mark.parametrize("given", ["maybe", [], 2, {}])
def test_what_is_neither_yes_nor_no_is_refused_by_the_fields_name(given):
    with pytest.raises(CollectorError, match=r"Fingerprints \(fingerprint\) is yes or no\."):
        settings(fingerprint=given).yes("fingerprint")


@pytest.mark.parametrize(("given", "expected"), [(None, 4), ("", 4), ("7", 7), (16, 16)])
def test_a_number_is_read_from_a_form_and_from_a_file(given, expected):
    assert settings(concurrency=given).number("concurrency") == expected


@pytest.mark.parametrize("given", [0, 17, "many", [], float("inf"), -1])
def test_a_number_beyond_its_bounds_is_refused_by_the_fields_name(given):
    with pytest.raises(CollectorError, match=r"Requests at once \(concurrency\) is a number from 1 to 16\."):
        settings(concurrency=given).number("concurrency")


@pytest.mark.parametrize("given", ["pay, web  pay", ["pay", "web"], ("pay,web", "pay"), "\npay\nweb,"])
def test_a_list_is_read_from_a_form_and_from_a_file_each_thing_once(given):
    assert listed(given) == ["pay", "web"]


def test_a_list_of_nothing_is_empty():
    assert listed(None) == listed("") == listed([]) == listed(" , ") == []


@pytest.mark.parametrize("address", ["https://A.example:8200", "https://a.example:8200/"])
def test_an_address_of_host_and_port_is_written_one_way(address):
    assert host_alone(address) == "https://a.example:8200"


@pytest.mark.parametrize(
    "address",
    ["", "a.example", "https://", "ftp://a.example", "https://a.example:99999", "https://[a"],
)
def test_what_names_no_host_is_no_address(address):
    assert parts_of(address) is None
    assert host_alone(address) == ""


@pytest.mark.parametrize("more", ["ann@a.example", "@a.example", "a.example/v1", "a.example?b=1", "a.example#b"])
def test_w15_what_stands_beside_host_and_port_is_refused(more):
    assert host_alone(f"https://{more}") == ""


def test_w15_an_address_in_clear_is_refused_where_only_https_will_do():
    assert host_alone("http://a.example") == "http://a.example"
    assert host_alone("http://a.example", ("https",)) == ""
