"""What a rule guessed may have been chosen by a person, so that nothing is told of it across teams (SECURITY W27)."""

from dataclasses import replace

import pytest

from inventory.detection.provider import formats
from inventory.models import Asset, Credential
from inventory.sync.credentials import Credentials
from tests.factories import AssetFactory
from tests.scripted import finding

pytestmark = pytest.mark.django_db

GUESSES = sorted(slug for slug, (_provider, form) in formats().items() if form.guess)


def credential(asset: Asset, *findings):
    credentials = Credentials(asset)
    credentials.learn(findings)
    (pk,) = credentials.of({findings[0].fingerprint}).values()
    return Credential.objects.get(pk=pk)


@pytest.mark.parametrize("rule", [*GUESSES, "kubernetes-secret", "pgpass-password"])
def test_w27_a_guess_counts_as_weak_however_random_its_value_looks(rule):
    assert credential(AssetFactory(), replace(finding("a"), rule=rule, weak=False)).weak


def test_w27_a_providers_own_format_counts_as_weak_only_if_its_value_is():
    random, regular = replace(finding("a"), rule="github-pat"), replace(finding("b"), rule="github-pat", weak=True)

    assert not credential(AssetFactory(), random).weak
    assert credential(AssetFactory(), regular).weak


@pytest.mark.parametrize("order", [1, -1])
def test_a_value_that_a_provider_issued_is_no_guess_wherever_it_was_met_first(order):
    told = [replace(finding("a"), rule="generic-secret"), replace(finding("a"), rule="github-pat")]

    made = credential(AssetFactory(), *told[::order])

    assert (made.rule, made.weak, made.provider) == ("github-pat", False, "github")
