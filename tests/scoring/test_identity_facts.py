"""What counts for least privilege: the identities that a team owns, and values that several secrets hold."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import Asset, PolicyVersion, Principal, Source
from inventory.services import count_readers
from inventory.services.spread import work_out_spread
from posture.scoring.card import costs, gains, score
from posture.scoring.identity_facts import in_several
from posture.scoring.queries import unowned_known
from tests.factories import EngineerFactory, GrantFactory, HoldingFactory, PrincipalFactory, TeamFactory
from tests.scoring.stores import ago, facts, held_in, secret, store

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def vault(team):
    return store(team)


def only(team):
    (found,) = facts(team).identities
    return found


def test_identities_count_for_their_own_team_and_roles_and_groups_for_nobody(team, vault):
    other = TeamFactory()
    row = PrincipalFactory(asset=vault, team=other)
    PrincipalFactory(asset=vault, team=other, kind="role")
    PrincipalFactory(asset=vault, team=other, kind="group")

    assert facts(team).identities is None
    assert only(other).id == f"principal-{row.pk}"


def test_retiring_a_store_of_good_identities_keeps_the_size_for_90_days(team, vault):
    clean = store(team)
    for _ in range(20):
        PrincipalFactory(asset=clean, first_seen_at=ago(200), admin=False, wildcard=False)
    PrincipalFactory(asset=vault, first_seen_at=ago(200), admin=True)
    before = score(facts(team))

    Asset.objects.filter(pk=clean.pk).update(gone_at=timezone.now())

    assert only(team).admin
    assert score(facts(team)).score == before.score
    Asset.objects.filter(pk=clean.pk).update(gone_at=ago(92))
    assert facts(team).owned_identities == 1


def test_a_value_makes_no_pillar_of_a_store_that_went_away(team, vault):
    PrincipalFactory(asset=store(team, gone_at=timezone.now()))
    held_in(secret(vault), secret(vault))

    assert facts(team).identities is None


def test_rights_that_are_not_used_cost_by_their_share(team, vault):
    PrincipalFactory(asset=vault, granted=40, used=4)

    assert (only(team).granted, only(team).used) == (40, 4)
    assert score(facts(team)).pillars[2].value < 100


def test_g44_a_store_that_counts_more_used_than_granted_stops_no_score(team, vault):
    PrincipalFactory(asset=vault, granted=2, used=7)

    assert only(team).used == 2


@pytest.mark.parametrize(
    ("admin", "wildcard", "found"),
    [(True, None, True), (False, True, True), (False, False, False), (None, None, None), (False, None, None)],
)
def test_admin_or_wildcard_is_powerful_and_rights_that_were_not_told_are_not_known(team, vault, admin, wildcard, found):
    PrincipalFactory(asset=vault, admin=admin, wildcard=wildcard)

    assert only(team).admin is found


@pytest.mark.parametrize(
    ("kind", "days", "dormant"), [("human", 50, True), ("workload", 50, False), ("token", 95, True)]
)
def test_the_window_of_dormancy_is_that_of_people_or_of_machines(team, vault, kind, days, dormant):
    PrincipalFactory(asset=vault, kind=kind, last_used_at=ago(days))

    assert only(team).dormant is dormant


def test_a_window_of_the_organisations_own_counts(team, vault):
    PrincipalFactory(asset=vault, last_used_at=ago(50))
    PolicyVersion.objects.create(number=1, unused_machine_days=30, note="stricter", made_by=EngineerFactory())

    assert only(team).dormant is True


def test_whoever_is_off_has_ended_or_is_exempt_is_not_counted(team, vault):
    today = timezone.now().date()
    for more in ({"enabled": False}, {"expires_at": ago(1)}, {"exempt_until": today}):
        PrincipalFactory(asset=vault, admin=True, wildcard=True, **more)
    assert facts(team).identities == ()
    assert facts(team).confidence.facts == 0

    Principal.objects.filter(exempt_until=today).update(exempt_until=today - timedelta(days=1))

    assert only(team).admin is True


def test_last_use_and_rights_are_asked_and_count_for_confidence_alone_where_they_are_not_known(team, vault):
    PrincipalFactory(asset=vault, last_used_at=ago(1), admin=False, wildcard=False)
    PrincipalFactory(asset=vault)

    found = facts(team)

    assert (found.confidence.facts, found.confidence.facts_known) == (4, 2)
    assert score(found).pillars[2].value == 100


def test_of_a_token_that_ends_within_a_day_nobody_asks_when_it_was_used(team, vault):
    PrincipalFactory(asset=vault, kind="token", created_at=ago(0.1), expires_at=ago(-0.5), admin=False, wildcard=False)

    assert (facts(team).confidence.facts, facts(team).confidence.facts_known) == (1, 1)


@pytest.mark.parametrize(
    ("environments", "found"),
    [
        (None, None),
        ([], False),
        (["production"], False),
        (["", "production"], None),
        (["production", "test"], True),
        (["", "production", "test"], True),
    ],
)
def test_several_known_environments_are_several_and_an_unknown_one_leaves_it_open(environments, found):
    assert in_several(environments) is found


def test_whoever_can_read_secrets_of_two_environments_reaches_several(team, vault):
    for path, environment in (("kv/pay", "production"), ("kv/try", "test")):
        secret(vault, path=path, environment=environment)
    narrow, wide = (PrincipalFactory(asset=vault, external_id=name) for name in ("narrow", "wide"))
    GrantFactory(principal=narrow, pattern="kv/pay")
    GrantFactory(principal=wide, pattern="kv/*")
    Source.objects.owe_readers()
    count_readers()

    assert [each.cross_environment for each in facts(team).identities] == [False, True]


def test_tier_is_that_of_the_store_else_by_the_environment_of_the_identity(team, vault):
    PrincipalFactory(asset=vault, environment="production")
    PrincipalFactory(asset=store(team, tier="critical"))
    PrincipalFactory(asset=vault)

    assert [each.tier for each in facts(team).identities] == ["high", "critical", "medium"]


def test_a_value_in_several_secrets_is_a_shared_identity_of_the_worst_tier_that_the_team_has_it_in(team, vault):
    PrincipalFactory(asset=vault)
    value = held_in(secret(vault, environment="production"), secret(vault, environment="production"), secret(vault))

    found = facts(team).identities[1]

    assert (found.id, found.is_value, found.shared, found.tier) == (str(value.pk), True, True, "high")
    assert found.cross_environment is None
    assert "Several secrets hold it." in {cost.why for cost in costs(facts(team))}


def test_a_value_in_two_environments_reaches_several(team, vault):
    PrincipalFactory(asset=vault)
    held_in(secret(vault, environment="production"), secret(vault, environment="test"))

    assert facts(team).identities[1].cross_environment is True


def test_w27_only_of_a_value_that_nobody_can_guess_do_other_teams_secrets_count(team, vault):
    PrincipalFactory(asset=vault)
    theirs = store(TeamFactory())
    shared = [held_in(secret(vault), secret(theirs), weak=weak) for weak in (True, False)]

    assert [each.id for each in facts(team).identities if each.is_value] == [str(shared[1].pk)]


def test_w27_of_a_guessable_value_neither_environments_nor_order_come_from_others(team, vault):
    theirs = store(TeamFactory())
    PrincipalFactory(asset=vault)
    # Others have held the second value for longer, and in another environment.
    elsewhere = held_in(secret(theirs, environment="test"), weak=True)
    first = held_in(secret(vault, environment="production"), secret(vault, environment="production"), weak=True)
    for _ in range(2):
        row = secret(vault, environment="production")
        HoldingFactory(version__secret=row, credential=elsewhere)
    work_out_spread([elsewhere.pk])

    values = [each for each in facts(team).identities if each.is_value]

    assert [each.id for each in values] == [str(first.pk), str(elsewhere.pk)]
    assert [each.cross_environment for each in values] == [False, False]


def test_a_shared_value_makes_no_pillar_where_no_rights_are_known(team, vault):
    held_in(secret(vault), secret(vault))

    assert facts(team).identities is None


def test_putting_an_identity_right_gains_what_was_said(team, vault):
    row = PrincipalFactory(asset=vault, admin=True, wildcard=False)
    before = facts(team)
    (offered,) = [gain for gain in gains(before) if gain.pillar == "least_privilege"]

    row.admin = False
    row.save()

    assert score(facts(team)).score - score(before).score == pytest.approx(offered.gain, abs=0.006)


def test_identities_that_nobody_owns_count_for_what_the_organisation_knows():
    nobodys = store(None)
    PrincipalFactory(asset=nobodys, admin=False, wildcard=False, last_used_at=ago(1))
    PrincipalFactory(asset=nobodys, kind="token", created_at=ago(0.1), expires_at=ago(-0.5))
    PrincipalFactory(asset=nobodys, enabled=False)

    found = unowned_known(timezone.now())

    assert (found.facts, found.facts_known) == (3, 2)
