"""Lists: whole, without repeats, in a fixed number of queries, whatever happens in between."""

import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.models import Exemption, Exposure, OwnershipRule, PolicyVersion, Secret, Spread
from inventory.models.spread import shape_of
from posture.accounts.models import User
from posture.accounts.opaque import opaque_id
from posture.notify.models import Delivery
from tests.api.cards import card, whole_card
from tests.api.organisation import Belongings, everything, lists, names
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    ExposureFactory,
    GrantFactory,
    HoldingFactory,
    MembershipFactory,
    PrincipalFactory,
    RunFactory,
    SecretFactory,
    SnapshotFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
BUDGET = 12
ROWS = 25


def make_one(name, belongings):
    """Add a row to the list of this name, in front of or behind those that are there."""
    team = belongings.team
    makers = {
        "api-people-list": lambda: MembershipFactory(team=team),
        "api-memberships-list": lambda: MembershipFactory(team=team),
        "api-sources-list": lambda: AssetFactory(team=team),
        "api-runs-list": lambda: RunFactory(source=belongings.asset.source),
        "api-reads-list": lambda: belongings.asset.reads.create(run=RunFactory(source=belongings.asset.source)),
        "api-assets-list": lambda: AssetFactory(team=team),
        "api-credentials-list": lambda: ExposureFactory(asset=belongings.asset),
        "api-exposures-list": lambda: ExposureFactory(asset=belongings.asset, credential__severity="critical"),
        "api-secrets-list": lambda: SecretFactory(asset=belongings.asset),
        "api-secret-readers": lambda: one_more_reader(belongings),
        "api-principals-list": lambda: PrincipalFactory(asset=belongings.asset),
        "api-principal-grants": lambda: GrantFactory(principal=belongings.principal),
        "api-reuse-list": one_more_reused,
        "api-policies-list": lambda: PolicyVersion.objects.create(
            number=PolicyVersion.objects.count() + 1, note="As agreed", made_by=belongings.membership.user
        ),
        "api-exemptions-list": lambda: Exemption.objects.create(
            of="rotation",
            secret=belongings.secret,
            ends_on=timezone.localdate(),
            asked_by=belongings.membership.user,
        ),
        "api-messages-list": one_more_message,
        "api-ownership-rules-list": lambda: OwnershipRule.objects.create(
            match=f"repository:{OwnershipRule.objects.count()}", team=team
        ),
        "api-teams-list": lambda: TeamFactory(parent=team),
        "api-team-scores": lambda: SnapshotFactory(team=team, card=card()),
        "api-organisation-scores": lambda: SnapshotFactory(team=None, card=whole_card()),
    }
    makers[name]()


def one_more_message():
    number = Delivery.objects.count()
    return Delivery.objects.create(
        person=UserFactory(),
        channel="mail",
        kind="incident.opened",
        key=f"part:{number}",
        subject="New",
        lines=[],
    )


def one_more_reader(belongings):
    asset = belongings.secret.asset
    return GrantFactory(principal=PrincipalFactory(asset=asset), pattern=belongings.secret.address)


def one_more_reused():
    held = HoldingFactory()
    Spread.objects.create(credential=held.credential, secrets=2, shape=shape_of({"production": 2}), first=held.pk)


def key(row):
    if "secrets_elsewhere" in row:
        return row["credential"]
    if "principal" in row and "certain" in row:
        return row["principal"]["id"]
    return row.get("id") or row.get("number") or row["slug"]


@pytest.mark.parametrize("name", lists())
def test_pages_are_whole_and_repeat_nothing_while_rows_are_added(enter, engineer, mine, name):
    client = enter(engineer)
    for _ in range(ROWS):
        make_one(name, mine)
    address = mine.addresses(engineer)[name]
    there = {key(row) for row in everything(client, address)}
    assert len(there) >= ROWS

    seen, page = [], f"{address}?page_size=4"
    while page:
        answer = client.get(page).json()
        assert len(answer["results"]) <= 4
        seen += [key(row) for row in answer["results"]]
        page = answer["next"]
        make_one(name, mine)

    assert len(seen) == len(set(seen))
    assert there <= set(seen)


@pytest.mark.parametrize("name", lists())
def test_pages_lead_back_the_way_they_came(enter, engineer, mine, name):
    client = enter(engineer)
    for _ in range(ROWS):
        make_one(name, mine)
    forward, page = [], f"{mine.addresses(engineer)[name]}?page_size=5"
    while page:
        answer = client.get(page).json()
        forward.append([key(row) for row in answer["results"]])
        last, page = answer, answer["next"]

    backward, page = [forward[-1]], last["previous"]
    while page:
        answer = client.get(page).json()
        backward.append([key(row) for row in answer["results"]])
        page = answer["previous"]

    assert len(forward) >= 5
    assert backward[-1][0] == forward[0][0]
    assert {each for page in backward for each in page} == {each for page in forward for each in page}


def test_orders_with_ties_are_total(enter, engineer, mine):
    shared = CredentialFactory(severity="critical")
    ExposureFactory.create_batch(40, asset=mine.asset, credential=shared, first_at=mine.exposure.first_at)
    client = enter(engineer)

    for order in ("severity", "-severity", "first", "-first", "path", "-path", "latest", "-latest"):
        found = [row["id"] for row in everything(client, f"/api/v1/exposures/?page_size=7&order={order}")]
        assert len(found) == len(set(found)) == 41, order


def test_the_filters_are_those_of_the_pages(enter, engineer, mine, theirs):
    client = enter(engineer)
    low = ExposureFactory(asset=mine.asset, team=mine.team, credential__severity="low", place="history")
    asked = {
        "severity=low": [low.pk],
        "severity=low&severity=critical&team=alder": [mine.exposure.pk, low.pk],
        "place=history": [low.pk],
        "team=alder&managed=yes": [mine.exposure.pk],
        "team=alder&managed=no": [low.pk],
        f"asset={mine.asset.pk}&place=tip": [mine.exposure.pk],
        "owned=no": [],
        "q=alder/set": [mine.exposure.pk],
    }

    for query, rows in asked.items():
        found = {row["id"] for row in everything(client, f"/api/v1/exposures/?{query}")}
        assert found == {opaque_id(engineer, "exposure", pk) for pk in rows}, query
        assert client.get(f"/api/v1/exposures/figures/?{query}").json()["total"] == len(rows)


def test_a_page_has_as_many_rows_as_asked_up_to_a_cap(enter, engineer, mine, monkeypatch):
    monkeypatch.setattr("posture.api.Pages.max_page_size", 3)
    ExposureFactory.create_batch(5, asset=mine.asset)
    client = enter(engineer)

    for size, rows in (("2", 2), ("3", 3), ("999999", 3)):
        assert len(client.get("/api/v1/exposures/", {"page_size": size}).json()["results"]) == rows
    for size in ("0", "-1", "x", "1.5", "", "²"):
        assert client.get("/api/v1/exposures/", {"page_size": size}).status_code == 400
        assert client.get("/api/v1/people/", {"page_size": size}).status_code == 400


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [each["sql"] for each in captured.captured_queries if "django_session" not in each["sql"]]


@pytest.mark.parametrize("viewer", ["member", "engineer"])
def test_no_answer_costs_more_queries_for_more_rows(request, enter, carry, viewer, mine):
    person = request.getfixturevalue(viewer)
    SnapshotFactory(team=None, card=whole_card(mine.snapshot.card))
    addresses = mine.addresses(person, without={"api-organisation-score"})
    client = carry(person)
    client.get("/api/v1/me/")  # Writes down when the token was used, once a minute.
    open_to = {name: address for name, address in addresses.items() if client.get(address).status_code == 200}
    few = {name: queries(client, address) for name, address in open_to.items()}

    Belongings.of(mine.team, "more", number=5)
    for name in lists():
        for _ in range(5):
            make_one(name, mine)
    # A team more below one's own makes one's ids anew.
    addresses = mine.addresses(User.objects.get(pk=person.pk))
    many = {name: queries(client, addresses[name]) for name in open_to}

    assert {name: len(spent) for name, spent in many.items()} == {name: len(spent) for name, spent in few.items()}
    assert max(len(spent) for spent in many.values()) <= BUDGET


def test_what_is_gone_is_asked_for(enter, engineer, mine):
    client = enter(engineer)
    Exposure.objects.update(gone_at="2026-01-01T00:00:00Z")
    Secret.objects.update(gone_at="2026-01-01T00:00:00Z")

    for address, parameter, found in (
        ("exposures", {}, 0),
        ("exposures", {"gone": "yes"}, 1),
        ("exposures", {"gone": "all"}, 1),
        ("secrets", {}, 0),
        ("secrets", {"gone": "yes"}, 1),
        ("secrets", {"gone": "all"}, 1),
    ):
        assert len(client.get(f"/api/v1/{address}/", parameter).json()["results"]) == found


def test_facts_are_yes_no_or_not_known(enter, member, engineer, mine):
    exposed = ExposureFactory(asset=mine.asset, team=mine.team).credential
    held = SecretFactory(asset=AssetFactory(team=mine.team)).versions.create(number="1", state="superseded")
    only_held = CredentialFactory()
    held.holdings.create(key="password", credential=only_held)

    told = {
        person: {row["id"]: row for row in everything(enter(person), "/api/v1/credentials/")}
        for person in (member, engineer)
    }

    def facts(person, credential):
        row = told[person][opaque_id(person, "credential", credential.pk)]
        return row["managed"], row["current"], row["exposed"], row["places"]

    assert facts(engineer, mine.credential) == facts(member, mine.credential) == (True, True, True, 1)
    assert facts(engineer, exposed) == facts(member, exposed) == (False, None, True, 1)
    assert facts(engineer, only_held) == (True, False, False, 0)
    assert facts(member, only_held) == (True, False, None, 0)


def test_paths_of_equal_beginning_are_two_rows(enter, engineer, mine):
    for end in "ab":
        path = "x" * 300 + end
        digest = hashlib.sha256(path.encode()).hexdigest()
        ExposureFactory(asset=mine.asset, path=path, path_digest=digest)

    found = everything(enter(engineer), "/api/v1/exposures/?order=path&page_size=1")

    assert len({row["id"] for row in found}) == 3


def test_every_list_is_tried_here():
    assert len(lists()) == 20
    assert len(names()) == 52
