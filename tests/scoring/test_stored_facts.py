"""What counts for rotation: stored secrets by their team, and exposed credentials that no store holds."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.models import Asset, PolicyVersion, Secret, Version
from inventory.services import work_out_due
from posture.scoring.card import costs, gains, score
from posture.scoring.queries import unowned_known
from posture.scoring.services import take_snapshots
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    EngineerFactory,
    ExposureFactory,
    HoldingFactory,
    TeamFactory,
)
from tests.scoring.stores import ago, facts, held_in, secret, store

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def vault(team):
    return store(team)


def only(team):
    (found,) = facts(team).credentials
    return found


def exposed(team, days=10, **more):
    asset = AssetFactory(team=team, last_read_at=timezone.now())
    return ExposureFactory(asset=asset, first_seen_at=ago(days), **more)


def test_a_secret_counts_for_its_own_team_and_not_for_that_of_its_store(team, vault):
    other = TeamFactory()
    row = secret(vault, team=other)

    assert facts(team).credentials is None
    assert only(other).id == f"secret-{row.pk}"


def test_age_is_since_the_last_rotation_and_the_limit_is_that_of_the_policy(team, vault):
    secret(vault, 300, rotated_at=ago(120))

    assert (only(team).age_days, only(team).limit_days) == (120, 90)


def test_a_secret_that_never_changed_is_as_old_as_it_is(team, vault):
    secret(vault, 300)

    assert only(team).age_days == 300
    assert score(facts(team)).pillars[0].value < 100


def test_an_own_limit_of_the_organisation_counts_from_the_next_score_on(team, vault):
    row = secret(vault, 60)
    before = score(facts(team)).score
    PolicyVersion.objects.create(
        number=1,
        rows=[{"kind": "api-key", "tier": "", "environment": "", "days": 30, "reason": "ours"}],
        note="stricter",
        made_by=EngineerFactory(),
    )
    Secret.objects.filter(pk=row.pk).update(policy_due=True)
    work_out_due()

    assert only(team).limit_days == 30
    assert score(facts(team)).score < before


def test_what_ends_before_its_policy_would_have_it_changed_is_limited_by_its_end(team, vault):
    secret(vault, 40, expires_at=ago(10))

    assert (only(team).age_days, only(team).limit_days) == (40, 30)


def test_a_certificate_may_grow_as_old_as_it_is_valid(team, vault):
    row = secret(vault, 100, expires_at=ago(-100))
    Secret.objects.filter(pk=row.pk).update(kind="certificate", policy_due=True)
    work_out_due()

    assert (only(team).age_days, only(team).limit_days) == (100, 200)


def test_a_certificate_whose_end_is_not_known_counts_against_confidence(team, vault):
    secret(vault, 3000, team=team)
    secret(store(None), 3000)
    Secret.objects.update(kind="certificate", policy_due=True)
    work_out_due()

    found, nobodys = facts(team).confidence, unowned_known(timezone.now())

    assert only(team).age_days is None
    assert (found.facts, found.facts_known) == (nobodys.facts, nobodys.facts_known) == (1, 0)


def test_an_age_that_is_not_known_costs_nothing_and_counts_against_confidence(team, vault):
    secret(vault, 10)
    sure = facts(team).confidence
    secret(vault, None)

    found = facts(team)

    assert [each.age_days for each in found.credentials] == [10, None]
    assert (sure.facts, sure.facts_known) == (1, 1)
    assert (found.confidence.facts, found.confidence.facts_known) == (2, 1)
    assert score(found).pillars[0].value == 100


@pytest.mark.parametrize("days", [-2, -2_000_000])
def test_g44_a_store_whose_clock_is_ahead_tells_no_age_rather_than_a_fresh_one(team, vault, days):
    secret(vault, 200)
    Secret.objects.update(rotated_at=ago(days))

    assert only(team).age_days is None
    assert facts(team).confidence.facts_known == 0


def test_g44_a_clock_a_little_ahead_is_no_negative_age(team, vault):
    secret(vault, 200)
    Secret.objects.update(rotated_at=timezone.now() + timedelta(hours=2))

    assert only(team).age_days == 0


def test_an_ephemeral_secret_costs_nothing_however_old_its_role_is(team, vault):
    secret(vault, 900, ephemeral=True, expires_at=ago(-0.1))

    assert only(team).ephemeral
    assert score(facts(team)).pillars[0].value == 100
    assert facts(team).confidence.facts == 0


def test_what_is_switched_off_is_not_counted_and_switching_off_never_lowers(team, vault):
    late = secret(vault, 400, first_seen_at=ago(400))
    secret(vault, 10)
    before = score(facts(team))

    Secret.objects.filter(pk=late.pk).update(enabled=False)

    assert len(facts(team).credentials) == 1
    assert facts(team).owned_credentials == 1
    assert score(facts(team)).score > before.score


def test_an_exemption_leaves_out_until_its_last_day_and_no_longer(team, vault):
    row = secret(vault, 400)
    today = timezone.now().date()
    Secret.objects.filter(pk=row.pk).update(exempt_until=today)
    assert facts(team).credentials == ()
    assert facts(team).confidence.facts == 0

    Secret.objects.filter(pk=row.pk).update(exempt_until=today - timedelta(days=1))

    assert score(facts(team)).pillars[0].value < 100


def test_retiring_the_last_secret_leaves_the_pillar_at_its_best(team, vault):
    row = secret(vault, 400)
    Secret.objects.filter(pk=row.pk).update(gone_at=timezone.now())

    assert facts(team).credentials == ()
    assert score(facts(team)).pillars[0].value == 100


def test_retiring_a_store_of_good_secrets_keeps_the_size_for_90_days(team, vault):
    clean = store(team)
    for _ in range(20):
        secret(clean, 200, rotated_at=ago(3))
    secret(vault, 400)
    before = score(facts(team))

    Asset.objects.filter(pk=clean.pk).update(gone_at=timezone.now())

    assert [each.age_days for each in facts(team).credentials] == [400]
    assert (score(facts(team)).size, score(facts(team)).score) == (before.size, before.score)
    Asset.objects.filter(pk=clean.pk).update(gone_at=ago(92))
    assert facts(team).owned_credentials == 1


def test_a_team_without_anything_in_a_store_is_not_assessed_and_no_leak_changes_that(team):
    exposed(team, 400)

    assert facts(team).credentials is None


def test_tier_comes_from_what_was_said_else_from_the_environment_else_it_is_medium(team, vault):
    secret(vault, tier="critical", environment="test")
    secret(vault, environment="production")
    secret(vault)

    assert [each.tier for each in facts(team).credentials] == ["critical", "high", "medium"]


def test_an_exposed_credential_that_no_store_holds_is_as_old_as_its_first_sight_at_least(team, vault):
    secret(vault)
    row = exposed(team, 200, severity="high", first_at=ago(900))

    found = facts(team).credentials[1]

    assert (found.id, found.unmanaged) == (str(row.credential_id), True)
    assert (found.age_days, found.limit_days, found.tier) == (200, 90, "high")


def test_an_exposed_value_that_a_store_holds_counts_once_as_that_secret(team, vault):
    row = exposed(team, 200)
    HoldingFactory(version__secret=secret(vault), credential=row.credential, version__state="superseded")

    assert [each.unmanaged for each in facts(team).credentials] == [False]


@pytest.mark.parametrize("emptied", ["version", "secret", "store"])
def test_a_leaked_value_that_is_stored_and_deleted_again_counts_as_if_it_never_was(team, vault, emptied):
    secret(vault)
    row = exposed(team, 500)
    before = facts(team)
    other = store(team)
    version = HoldingFactory(version__secret=secret(other), credential=row.credential).version
    assert [each.id for each in facts(team).credentials if each.unmanaged] == []

    match emptied:
        case "version":
            Version.objects.filter(pk=version.pk).update(state="destroyed")
        case "secret":
            Secret.objects.filter(pk=version.secret_id).update(gone_at=timezone.now())
        case "store":
            Asset.objects.filter(pk=other.pk).update(gone_at=timezone.now())

    assert [each.id for each in facts(team).credentials if each.unmanaged] == [str(row.credential_id)]
    assert score(facts(team)).pillars[0].value <= score(before).pillars[0].value


def test_w27_another_teams_store_says_nothing_of_a_guessable_value(team, vault):
    secret(vault)
    elsewhere = secret(store(TeamFactory()))
    weak, strong = exposed(team, credential=CredentialFactory(weak=True)), exposed(team)
    for row in (weak, strong):
        HoldingFactory(version__secret=elsewhere, credential=row.credential)

    assert [each.id for each in facts(team).credentials if each.unmanaged] == [str(weak.credential_id)]


@pytest.mark.parametrize("more", [{"severity": "info"}, {"credential__validity": "invalid"}])
def test_what_is_public_by_design_or_dead_needs_no_rotation(team, vault, more):
    secret(vault)
    exposed(team, 400, **more)

    assert not any(each.unmanaged for each in facts(team).credentials)


def test_closing_an_exposure_gains_what_its_age_costs_too_and_is_offered_once(team, vault):
    secret(vault)
    row = exposed(team, 400, severity="high")
    before = facts(team)
    (offered,) = [gain for gain in gains(before) if gain.item == str(row.credential_id)]
    assert {cost.pillar for cost in costs(before) if cost.item == str(row.credential_id)} == {"rotation", "exposure"}

    row.gone_at = timezone.now()
    row.save()

    assert score(facts(team)).score - score(before).score == pytest.approx(offered.gain, abs=0.006)


def test_facts_do_not_change_within_a_day_so_that_a_score_is_stored_once(team, vault):
    secret(vault, 100, expires_at=ago(3.3))
    exposed(team, 20)

    assert facts(team) == facts(team)


def test_what_is_known_of_secrets_that_nobody_owns_counts_for_the_organisation():
    nobodys = store(None)
    for days in (10, None):
        secret(nobodys, days)
    secret(nobodys, None, enabled=False)
    secret(nobodys, None, ephemeral=True)

    found = unowned_known(timezone.now())

    assert (found.facts, found.facts_known) == (2, 1)


STORED = st.lists(
    st.fixed_dictionaries(
        {
            "days": st.sampled_from([None, 0, 89, 91, 150, 700]),
            "environment": st.sampled_from(["", "production", "test"]),
            "tier": st.sampled_from(["", "critical"]),
            "ephemeral": st.sampled_from([None, True]),
            "first_seen_at": st.sampled_from([ago(1), ago(200)]),
        }
    ),
    min_size=1,
    max_size=4,
)
REMEDIES = {
    "rotated": {"rotated_at": ago(0)},
    "retired": {"gone_at": ago(0)},
    "switched off": {"enabled": False},
    "exempt": {"exempt_until": ago(-30).date()},
    "made ephemeral": {"ephemeral": True},
}


@pytest.mark.slow
@settings(max_examples=10, deadline=None, derandomize=True)
@given(STORED)
def test_nothing_that_people_do_about_a_secret_lowers_the_score(stored):
    with transaction.atomic():
        vault = store(TeamFactory())
        rows = [secret(vault, **each) for each in stored]
        before = score(facts(vault.team)).score
        for row in rows:
            for done, change in REMEDIES.items():
                with transaction.atomic():
                    Secret.objects.filter(pk=row.pk).update(**change, policy_due=True)
                    work_out_due()
                    assert score(facts(vault.team)).score >= before - 1e-9, done
                    transaction.set_rollback(True)
        transaction.set_rollback(True)


def test_a_rotation_makes_a_new_score_of_the_day_with_other_facts(team, vault):
    row = secret(vault, 400)
    take_snapshots()

    Secret.objects.filter(pk=row.pk).update(rotated_at=timezone.now(), policy_due=True)
    work_out_due()
    take_snapshots()

    after, before = team.snapshots.all()
    assert after.input_digest != before.input_digest
    assert after.score > before.score


def test_a_value_that_only_one_secret_holds_is_no_shared_one(team, vault):
    held_in(secret(vault))

    assert facts(team).identities is None
