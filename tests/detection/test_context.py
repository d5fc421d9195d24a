"""A value whose own shape says nothing is told by the name that it is given."""

import secrets

import pytest
import regex

from inventory.detection.context import UUID, near

VALUE = secrets.token_hex(16)


def found(pattern, text):
    match = regex.search(pattern, text)
    return match["value"] if match else None


@pytest.mark.parametrize(
    "text",
    [
        f"ACME_API_KEY={VALUE}",
        f'acmeApiToken: "{VALUE}"',
        f"acme.client.secret => '{VALUE}',",
        f'<add key="acme_token" value="{VALUE}"/>',
        f"https://acme.example/v1?key={VALUE}&page=2",
    ],
)
def test_a_value_behind_its_issuers_name_is_found(text):
    assert found(near("acme", "[a-f0-9]{32}"), text) == VALUE


@pytest.mark.parametrize(
    "text",
    [
        f"API_KEY={VALUE}",
        f"acme = {VALUE}",
        f"acme_id={VALUE}",
        f"ACME_API_KEY={VALUE}0",
        f"ACME_API_KEY={VALUE}-more",
        f"acme {'far ' * 10} key={VALUE}",
    ],
)
def test_a_value_without_the_name_or_as_a_part_of_something_longer_is_not(text):
    assert found(near("acme", "[a-f0-9]{32}"), text) is None


def test_what_a_value_is_called_and_what_may_not_follow_it_can_be_given():
    pattern = near("acme", "[a-f0-9]{32}", called="hook", beside="!")

    assert found(pattern, f"acme_hook={VALUE}-") == VALUE
    assert found(pattern, f"acme_hook={VALUE}!") is None
    assert found(pattern, f"acme_key={VALUE}") is None


def test_the_case_of_the_value_matters_and_that_of_the_name_does_not():
    key = "-".join(secrets.token_hex(length) for length in (4, 2, 2, 2, 6))

    assert found(near("acme", UUID), f"ACME_KEY={key}") == key
    assert found(near("acme", f"(?i:{UUID})"), f"acme_key={key.upper()}") == key.upper()
