"""What a rule guessed may have been chosen by a person, so that nothing is told of it across teams (SECURITY W27)."""

from dataclasses import replace

import pytest

from inventory.detection.provider import formats
from inventory.models import Asset, Credential
from inventory.queries import hidden_places
from inventory.reuse import reused
from inventory.services import work_out_severities
from inventory.store_records import HeldRecord, SecretRecord, VersionRecord, VersionState
from inventory.sync.credentials import Credentials
from tests.factories import AssetFactory, HoldingFactory, MembershipFactory, SecretFactory
from tests.inventory.test_store_sync import collect
from tests.inventory.test_sync import script
from tests.scripted import done, finding

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


def test_w27_a_guess_written_like_a_providers_key_is_told_of_no_store_that_turns_out_to_hold_it(scripted, source):
    guess = replace(finding("value"), rule="bitbucket-oauth-secret")
    made = credential(AssetFactory(), guess)
    assert not made.weak
    mine = SecretFactory(asset__team=MembershipFactory().team)
    HoldingFactory(version__secret=mine, credential=made)
    held = HeldRecord("password", replace(guess, rule="generic-password"))
    version = VersionRecord("1", VersionState.CURRENT, None, key_id=guess.key_id, held=(held,))

    script(scripted, SecretRecord("pay/db", versions=(version,)), done())
    collect(source)
    work_out_severities()

    viewer = mine.asset.team.memberships.get().user
    assert Credential.objects.get(holdings__version__secret=mine).weak
    assert reused(viewer) == []
    assert hidden_places(viewer, made) == 0


def test_w27_what_a_rule_found_that_nobody_knows_any_more_counts_as_weak():
    assert credential(AssetFactory(), replace(finding("a"), rule="a-rule-of-another-time")).weak
