"""Owners of very many stored secrets and principals at once are those of each alone."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as some

from inventory.models import Asset, Credential, OwnershipRule, Principal, Secret
from inventory.ownership import Match, OwnershipRules
from inventory.rules_by_prefix import RulesByPrefix
from inventory.services import store_owners, work_out_owners
from inventory.services.ownership import ownership_rules
from tests.factories import AssetFactory, HoldingFactory, TeamFactory

SEGMENTS = ["kv", "pay", "web", "a b", "*", "**", "p*", "?v", "*-1", "\\*"]
NAMES = some.lists(some.sampled_from(["kv", "pay", "web", "a b", "p", "x-1", "*", ""]), min_size=1, max_size=5)
PATTERNS = some.lists(some.sampled_from(SEGMENTS), min_size=1, max_size=4).map("/".join)


@given(some.lists(some.tuples(some.sampled_from(["secret", "principal"]), PATTERNS), max_size=8), NAMES)
def test_the_first_rule_by_prefix_is_the_first_rule_of_all(rules, segments):
    matches = [(Match.parse(f"{kind}:{pattern}"), f"team {place}") for place, (kind, pattern) in enumerate(rules)]
    name = "/".join(segments)

    for kind in ("secret", "principal"):
        found = RulesByPrefix(matches).first(kind, name)
        assert found == OwnershipRules(tuple(matches)).for_asset(kind, name)


@pytest.fixture
def store(db):
    """A store with many secrets and principals under rules of every sort."""
    teams = [TeamFactory(slug=f"team-{number}") for number in range(4)]
    for place, (match, team, said) in enumerate(
        [
            ("secret:kv/team-1/**", teams[1], {"tier": "critical"}),
            ("secret:kv/team-2/*/db", teams[2], {"environment": "production"}),
            ("secret:db", teams[3], {"environment": "staging", "tier": "low"}),
            ("secret:kv/*/web-?/**", None, {"environment": "test"}),
            ("principal:team-2-*", teams[2], {"environment": "production"}),
        ]
    ):
        OwnershipRule.objects.create(match=match, team=team, position=place, **said)
    asset = AssetFactory(kind="vault", name="kv", environment="elsewhere", tier="high")
    chance = random.Random(5)
    by_hand = {"owner_kind": "hand", "owner_reason": "Assigned by Ingrid", "team": teams[0]}
    Secret.objects.bulk_create(
        Secret(
            asset=asset,
            path=f"team-{number % 5}/{chance.choice(['web-1', 'web-22', 'api'])}/{chance.choice(['db', 'key'])}{number}"
            if number % 3
            else f"team-{number % 5}/x{number}/db",
            environment="said" if number % 4 == 0 else "",
            tier="medium" if number % 6 == 0 else "",
            evidence=({"environment": "tag"} if number % 4 == 0 else {}) | ({"tier": "tag"} if number % 6 == 0 else {}),
            **(by_hand if number % 7 == 0 else {}),
        )
        for number in range(150)
    )
    Principal.objects.bulk_create(
        Principal(asset=asset, external_id=f"id-{number}", name=f"team-{number % 5}-{number}", kind="workload")
        for number in range(60)
    )
    return asset


def one_by_one(asset, row, kind, name):
    """Return owner, environment and tier of one row, rule after rule."""
    rules, rows = ownership_rules()
    said = {}
    for word in ("environment", "tier"):
        if word in row.evidence:
            said[word] = getattr(row, word)
        else:
            fits = [getattr(rule, word) for match, rule in rows if getattr(rule, word) and match.fits_asset(kind, name)]
            said[word] = fits[0] if fits else getattr(asset, word)
    if row.owner_kind == "hand":
        return "team-0", said
    found = rules.for_asset(kind, name)
    return found[1] if found else None, said


def test_every_row_gets_the_owner_and_the_words_that_it_would_get_alone(store):
    work_out_owners()

    store.refresh_from_db()
    for row in Secret.objects.select_related("team"):
        slug, said = one_by_one(store, row, "secret", f"kv/{row.path}")
        assert (row.team and row.team.slug, row.environment, row.tier) == (slug, *said.values()), row.path
        assert row.owner_kind == ("hand" if slug == "team-0" else "rule" if slug else "")
    # What a person or the store itself said is as it was.
    numbered = list(Secret.objects.order_by("pk"))
    assert [row.owner_kind == "hand" for row in numbered] == [number % 7 == 0 for number in range(150)]
    assert {row.environment for row in numbered[::4]} == {"said"}
    assert {row.tier for row in numbered[::6]} == {"medium"}
    for row in Principal.objects.select_related("team"):
        slug, said = one_by_one(store, row, "principal", row.name)
        assert (row.team and row.team.slug, row.environment) == (slug, said["environment"]), row.name


def test_only_what_changed_is_judged_and_rated_anew(store):
    work_out_owners()
    Secret.objects.update(policy_due=False)
    moved = Secret.objects.filter(path__startswith="team-3/", owner_kind="")
    held = HoldingFactory(version__secret=moved.first()).credential
    kept = HoldingFactory(version__secret=Secret.objects.filter(path__startswith="team-1/").first()).credential
    Credential.objects.update(severity_due=False)
    expected = set(moved.values_list("pk", flat=True))

    OwnershipRule.objects.create(match="secret:kv/team-3/**", team=TeamFactory(slug="third"), position=9)
    Asset.objects.update(owner_due=True)
    work_out_owners()

    assert set(Secret.objects.filter(policy_due=True).values_list("pk", flat=True)) == expected
    assert set(Secret.objects.filter(team__slug="third").values_list("pk", flat=True)) == expected
    assert list(Credential.objects.filter(severity_due=True)) == [held] != [kept]


def test_a_kill_in_the_middle_leaves_all_of_it_to_be_done_again(store, monkeypatch):
    monkeypatch.setattr(store_owners, "BATCH", 40)
    batches = store_owners._batches

    def killed(rows, names):
        for number, batch in enumerate(batches(rows, names)):
            if number == 2:
                raise KeyboardInterrupt
            yield batch

    monkeypatch.setattr(store_owners, "_batches", killed)
    with pytest.raises(KeyboardInterrupt):
        work_out_owners()
    assert not Secret.objects.filter(owner_kind="rule").exists()

    monkeypatch.setattr(store_owners, "_batches", batches)
    assert work_out_owners() == 1

    assert not Secret.objects.filter(owner_reason="").exists()


def test_rows_that_come_to_the_same_are_written_together(store):
    with CaptureQueriesContext(connection) as spent:
        work_out_owners()

    assert sum(each["sql"].startswith("UPDATE") for each in spent.captured_queries) < 60
    Asset.objects.update(owner_due=True)
    with CaptureQueriesContext(connection) as again:
        work_out_owners()
    assert not [each for each in again.captured_queries if each["sql"].startswith('UPDATE "inventory_secret"')]
