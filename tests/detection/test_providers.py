"""Every provider's examples are found by exactly their format, and its counter-examples by none of its formats."""

import random

import pytest

from inventory.detection.example import expand
from inventory.detection.provider import formats, providers

SEEDS = range(3)
EXAMPLES = [
    pytest.param(form.slug, template, id=f"{form.slug}-{number}")
    for _provider, form in formats().values()
    for number, template in enumerate(form.examples)
]
COUNTER_EXAMPLES = [
    pytest.param(provider, template, id=f"{form.slug}-{number}")
    for provider, form in formats().values()
    for number, template in enumerate(form.counter_examples)
]


@pytest.mark.parametrize(("slug", "template"), EXAMPLES)
def test_an_example_is_found_by_exactly_its_format(engine, slug, template):
    for seed in SEEDS:
        found = engine.scan(expand(template, random.Random(seed)).encode())

        assert [each.rule for each in found] == [slug]


@pytest.mark.parametrize(("provider", "template"), COUNTER_EXAMPLES)
def test_a_counter_example_is_found_by_no_format_of_its_provider(engine, provider, template):
    own = {form.slug for form in provider.formats}

    for seed in SEEDS:
        found = engine.scan(expand(template, random.Random(seed)).encode())

        assert own.isdisjoint(each.rule for each in found)


@pytest.mark.parametrize("provider", providers().values(), ids=lambda provider: provider.slug)
def test_a_provider_tells_what_it_opens_and_how_it_is_revoked(provider):
    assert provider.formats
    assert all((provider.label, provider.opens, provider.revoke, provider.rotate))
    assert provider.documentation.startswith("https://")
    assert all(form.label and form.examples for form in provider.formats)
