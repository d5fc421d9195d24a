"""Who can use what, over the API: readers of a secret, rules of a principal, and what each fact rests on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import Exemption, Principal, PrincipalLink, Secret, Source
from inventory.services import count_readers
from inventory.services.rotation import work_out_due
from tests.api.organisation import everything
from tests.factories import (
    AssetFactory,
    GrantFactory,
    HoldingFactory,
    PrincipalFactory,
    SecretFactory,
    VersionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(mine):
    """A store of the team with one secret, of which nobody told who may read."""
    asset = AssetFactory(team=mine.team, kind="vault", name="kv")
    return SecretFactory(asset=asset, path="pay/db", address="kv/pay/db")


def reader(secret, **more):
    given = {name: more.pop(name) for name in ("capabilities", "deny", "condition", "pattern") if name in more}
    holder = PrincipalFactory(asset=secret.asset, **more)
    GrantFactory(principal=holder, **{"pattern": secret.address, **given})
    return holder


def readers(client, secret, **asked):
    return client.get(f"/api/v1/secrets/{secret.pk}/readers/", asked).json()


def test_an_answer_that_nobody_gave_is_not_that_nobody_can_read(enter, member, store):
    assert readers(enter(member), store) == {"known": False, "next": None, "previous": None, "results": []}

    role = PrincipalFactory(asset=store.asset, kind="role")
    GrantFactory(principal=role, pattern="kv/other")
    Source.objects.owe_readers()
    count_readers()

    assert readers(enter(member), store)["known"] is True


def test_each_reader_is_named_with_what_it_can_do_and_by_which_rule(enter, member, store):
    sure = reader(store, capabilities=["read", "write"])
    unsure = reader(store, condition="only from the office")
    PrincipalFactory(asset=store.asset)

    rows = readers(enter(member), store)["results"]

    assert [row["principal"]["id"] for row in rows] == [sure.pk, unsure.pk]
    assert [(row["certain"], row["can"], row["may"]) for row in rows] == [
        (True, ["read", "write"], []),
        (False, [], ["read"]),
    ]
    assert rows[0]["rules"] == ['policy: path "kv/pay/db"']


def test_one_can_ask_for_another_thing_than_reading(enter, member, store):
    reader(store)
    writer = reader(store, capabilities=["write"])
    client = enter(member)

    assert [row["principal"]["id"] for row in readers(client, store, capability="write")["results"]] == [writer.pk]
    refused = client.get(f"/api/v1/secrets/{store.pk}/readers/", {"capability": "think"})
    assert refused.status_code == 400
    assert "admin" in refused.json()["error"]["allowed"]


def test_w6_of_a_reader_of_another_team_only_that_there_is_one(enter, member, engineer, store, theirs):
    hidden = reader(store, team=theirs.team, name="zzbirch-robot")

    shown = enter(member).get(f"/api/v1/secrets/{store.pk}/readers/")

    assert shown.json()["results"] == [{"principal": None, "certain": True, "can": ["read"], "may": [], "rules": []}]
    assert b"zzbirch" not in shown.content
    assert readers(enter(engineer), store)["results"][0]["principal"]["id"] == hidden.pk


def test_w27_the_place_in_a_list_of_readers_tells_no_number(enter, member, engineer, store, theirs):
    hidden = [reader(store, team=theirs.team) for _ in range(3)]

    answers = {person: readers(enter(person), store, page_size=1)["next"] for person in (member, engineer)}

    assert answers[member] != answers[engineer]
    assert not any(str(each.pk) in answers[member].split("cursor=")[1] for each in hidden if each.pk > 99)


def test_pages_of_readers_go_on_when_the_one_named_is_gone(enter, engineer, store):
    holders = [reader(store) for _ in range(5)]
    client = enter(engineer)
    first = readers(client, store, page_size=2)

    holders[2].grants.update(gone_at=timezone.now())
    second = client.get(first["next"]).json()

    assert [row["principal"]["id"] for row in second["results"]] == [holders[3].pk, holders[4].pk]
    assert client.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize("cursor", ["x", "after.x", "0", "a" * 26, "é", "\x00"])
def test_a_place_that_nobody_made_is_refused(enter, engineer, store, cursor):
    answer = enter(engineer).get(f"/api/v1/secrets/{store.pk}/readers/", {"cursor": cursor})

    assert answer.status_code == 400


def test_the_rules_of_a_principal_say_through_what_they_reach_it(enter, member, store):
    holder = reader(store)
    outer, inner = (PrincipalFactory(asset=store.asset, kind="role", name=name) for name in ("outer", "inner"))
    PrincipalLink.objects.create(member=holder, group=inner)
    PrincipalLink.objects.create(member=inner, group=outer)
    GrantFactory(principal=outer, pattern="kv/*", wildcard=True, deny=True, condition="on Sundays")
    GrantFactory(principal=inner, pattern="kv/old", gone_at=timezone.now())
    GrantFactory(principal=PrincipalFactory(asset=store.asset))

    rows = everything(enter(member), f"/api/v1/principals/{holder.pk}/grants/")

    assert [(row["through"], row["pattern"], row["deny"], row["condition"]) for row in rows] == [
        (None, "kv/pay/db", False, None),
        ("outer", "kv/*", True, "on Sundays"),
    ]
    shown = enter(member).get(f"/api/v1/principals/{holder.pk}/").json()
    assert {each["name"] for each in shown["has"]} == {"inner", "outer"}


def test_w6_what_a_principal_has_of_another_team_opens_nothing(enter, member, store, theirs):
    holder = reader(store)
    group = PrincipalFactory(asset=store.asset, kind="group", name="everybody", team=theirs.team)
    PrincipalLink.objects.create(member=holder, group=group)

    shown = enter(member).get(f"/api/v1/principals/{holder.pk}/").json()

    assert shown["has"] == [{"id": None, "name": "everybody"}]
    assert enter(member).get(f"/api/v1/principals/{group.pk}/grants/").status_code == 404


def test_the_filters_of_principals_are_those_of_the_page(enter, engineer, mine, store):
    old = reader(store, last_used_at=timezone.now() - timedelta(days=400), kind="human")
    admin = reader(store, admin=True, reads=9)
    client = enter(engineer)
    asked = {
        "state=dormant": {old.pk},
        "state=admin": {admin.pk},
        "kind=human": {old.pk},
        f"asset={store.asset_id}": {old.pk, admin.pk},
        "q=alder-approle": {mine.principal.pk},
    }

    for query, expected in asked.items():
        assert {row["id"] for row in everything(client, f"/api/v1/principals/?{query}")} == expected, query
        assert client.get(f"/api/v1/principals/figures/?{query}").json()["total"] == len(expected)
    assert everything(client, "/api/v1/principals/")[0]["id"] == admin.pk


def test_what_is_not_known_of_a_principal_is_null(enter, member, store):
    unknown = PrincipalFactory(asset=store.asset)
    known = PrincipalFactory(asset=store.asset, admin=False, wildcard=False, reads=0, used=0, granted=3, enabled=True)

    rows = {row["id"]: row for row in everything(enter(member), "/api/v1/principals/")}

    facts = ("admin", "wildcard", "reads", "granted", "used", "enabled", "last_used_at")
    assert [rows[unknown.pk][name] for name in facts] == [None] * 7
    assert [rows[known.pk][name] for name in facts] == [False, False, 0, 3, 0, True, None]


def test_a_secret_says_when_it_is_due_and_what_that_rests_on(enter, member, store):
    Secret.objects.filter(pk=store.pk).update(
        kind="generic-secret",
        created_at=timezone.now() - timedelta(days=100),
        evidence={"created_at": "Vault metadata", "last_used_at": "Vault does not tell"},
        exempt_until=timezone.localdate(),
    )
    work_out_due()
    version = VersionFactory(secret=store, number="1", read_key="0123456789ab")
    HoldingFactory(version=version, key="password")
    VersionFactory(secret=store, number="2")

    shown = enter(member).get(f"/api/v1/secrets/{store.pk}/").json()

    assert (shown["limit_days"], shown["is_late"], shown["readers"]) == (90, True, None)
    assert shown["limit_reason"].startswith("Prowler")
    assert shown["exempt_until"] == str(timezone.localdate())
    assert shown["evidence"]["last_used_at"] == "Vault does not tell"
    assert [(each["number"], each["is_read"], len(each["keys"])) for each in shown["versions"]] == [
        ("2", False, 0),
        ("1", True, 1),
    ]


def test_the_filters_of_secrets_are_those_of_the_page(enter, engineer, mine, store):
    late = SecretFactory(asset=store.asset, due_at=timezone.now() - timedelta(days=1), environment="production")
    client = enter(engineer)
    asked = {
        "state=late": {late.pk},
        "environment=production": {late.pk},
        "environment=none": {store.pk},
        f"asset={store.asset_id}": {late.pk, store.pk},
        "q=pay/d": {store.pk},
        "owned=no": set(),
    }

    for query, expected in asked.items():
        assert {row["id"] for row in everything(client, f"/api/v1/secrets/?{query}")} == expected, query
        assert client.get(f"/api/v1/secrets/figures/?{query}").json()["total"] == len(expected)


def test_the_figures_of_very_many_secrets_are_a_lower_bound_and_not_known(enter, engineer, mine, monkeypatch):
    monkeypatch.setattr("inventory.secret_figures.COUNTED", 0)

    shown = enter(engineer).get("/api/v1/secrets/figures/").json()

    assert shown.pop("total") == 1
    assert set(shown.values()) == {None}


def test_a_secret_belongs_to_the_team_that_rules_give_it_to_and_not_to_its_stores(enter, member, rival, mine, theirs):
    moved = SecretFactory(asset=mine.secret.asset, team=theirs.team)

    assert enter(member).get(f"/api/v1/secrets/{moved.pk}/").status_code == 404
    shown = enter(rival).get(f"/api/v1/secrets/{moved.pk}/").json()
    assert (shown["team"], shown["asset"]["id"]) == ("zzbirch", None)


def test_nothing_is_told_of_what_is_gone_unless_asked(enter, engineer, mine):
    Principal.objects.update(gone_at=timezone.now())
    client = enter(engineer)

    assert client.get("/api/v1/principals/").json()["results"] == []
    assert len(client.get("/api/v1/principals/", {"gone": "all"}).json()["results"]) == 1
    assert Exemption.objects.count() == 1
