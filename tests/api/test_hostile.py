"""What must not be changed, learned or joined through the API (SECURITY W2, W4, W6, W7, W27)."""

import base64
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.apps import apps
from django.core import serializers
from django.urls import reverse
from rest_framework.serializers import BaseSerializer

from inventory.models import Credential, Exposure
from inventory.queries import hidden_places
from posture.accounts.models import Membership
from posture.accounts.opaque import opaque_id, row_number
from posture.scoring.models import Snapshot
from tests.api.cards import card, whole_card
from tests.api.organisation import EVERYBODYS, WRITES_ONLY, lists
from tests.factories import (
    ExposureFactory,
    HoldingFactory,
    MembershipFactory,
    SnapshotFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db
MODELS = [
    model
    for label in ("accounts", "inventory", "scoring")
    for model in apps.get_app_config(label).get_models()
    if model.__name__ != "SignInCounter"
]
NAMES = [
    "team__parent__name__startswith",
    "team__name",
    "credential__fingerprint__startswith",
    "fingerprint",
    "fingerprint__startswith",
    "user__password__startswith",
    "memberships__user__email",
    "pk",
    "id",
    "_connector",
    "_negated",
    "ordering",
    "order_by",
    "limit",
    "offset",
    "format",
    "fields",
    "search",
    "after",
    "before",
    "page",
]
LOOKUPS = ["startswith", "regex", "in", "isnull", "gt", "exact", "name__startswith"]
ASKED = [*NAMES, *(f"{name}__{lookup}" for name in ("q", "team", "severity", "source", "gone") for lookup in LOOKUPS)]


def rows():
    """Return every row of the product, except what a request may keep of itself."""
    kept = {"last_used_at", "last_login"}
    dumped = []
    for model in MODELS:
        fields = [each.name for each in model._meta.fields if each.name not in kept]
        dumped.append(serializers.serialize("json", model._default_manager.order_by("pk"), fields=fields))
    return dumped


@pytest.mark.slow
@pytest.mark.parametrize("viewer", ["member", "lead", "leader", "engineer", "stranger"])
@pytest.mark.parametrize("by", ["session", "token"])
def test_w4_w2_no_field_of_any_model_can_be_written(request, enter, carry, viewer, by, mine, theirs):
    person = request.getfixturevalue(viewer)
    client = enter(person) if by == "session" else carry(person, "read", "collect", "policies")
    body = {each.name: 1 for model in MODELS for each in model._meta.get_fields()}
    body |= {"role": "engineer", "team": theirs.team.pk, "team_id": theirs.team.pk, "is_active": False, "score": 100}
    addresses = mine.addresses(person) | {
        name: reverse(name, kwargs=mine.arguments(name, person)) for name in WRITES_ONLY
    }
    before = rows()

    answers = {
        (name, method): getattr(client, method)(address, body, content_type="application/json").status_code
        for name, address in addresses.items()
        for method in ("post", "put", "patch", "delete")
    }

    assert set(answers.values()) <= {400, 403, 404, 405}
    assert rows() == before


def test_w2_no_serializer_writes():
    """What a body holds is read field by field and given to a service; no row is made from it."""
    writers = [each for each in _shapes() if "create" in vars(each) or "update" in vars(each)]

    assert writers == []
    assert len(list(_shapes())) > 20


def _shapes(above=BaseSerializer):
    for each in above.__subclasses__():
        if each.__module__.startswith(("posture.", "inventory.")):
            yield each
        yield from _shapes(each)


@pytest.mark.parametrize("viewer", ["member", "lead"])
def test_w6_no_word_and_no_number_of_another_team_is_in_any_answer(request, enter, viewer, mine, theirs):
    person = request.getfixturevalue(viewer)
    client = enter(person)
    Snapshot.objects.filter(team=theirs.team).update(score=33.33)
    answers = {name: client.get(address) for name, address in mine.addresses(person).items()}
    answers |= {f"{name} of theirs": client.get(url) for name, url in theirs.addresses(person).items()}

    for name, response in answers.items():
        assert b"zzbirch" not in response.content.lower(), name
        assert b"33.33" not in response.content, name
        assert theirs.exposure.first_commit.encode() not in response.content, name

    assert answers["api-exposures-figures"].json()["total"] == 1
    assert answers["api-assets-figures"].json()["total"] == 2
    for name in ("api-exposures-list", "api-credentials-list", "api-secrets-list", "api-reads-list", "api-teams-list"):
        assert len(answers[name].json()["results"]) == 1, name


def test_w6_the_same_words_are_there_for_those_who_see_everything(enter, leader, mine, theirs):
    """The positive control of the test above."""
    client = enter(leader)
    SnapshotFactory(team=None, card=whole_card(theirs.snapshot.card))

    for name in lists():
        body = client.get(theirs.addresses(leader)[name]).content
        silent = ("api-runs-list", "api-team-scores", "api-organisation-scores", "api-policies-list")
        assert b"zzbirch" in body or name in silent, name


def test_w6_a_parent_team_that_is_not_seen_is_not_named(enter, member, mine):
    mine.team.parent = TeamFactory(slug="zzabove", name="Zzabove")
    mine.team.save()

    shown = enter(member).get(f"/api/v1/teams/{mine.team.slug}/")

    assert shown.json()["parent"] is None
    assert b"zzabove" not in enter(member).get("/api/v1/teams/").content.lower()


def test_w6_a_repository_of_another_team_is_named_but_not_opened(enter, member, mine, theirs):
    """A path may be a team's while its repository is another's."""
    exposure = ExposureFactory(asset=theirs.asset, team=mine.team)

    shown = enter(member).get(f"/api/v1/exposures/{opaque_id(member, 'exposure', exposure.pk)}/").json()

    assert shown["asset"] == {"id": None, "name": theirs.asset.name}
    assert enter(member).get(f"/api/v1/assets/{theirs.asset.pk}/").status_code == 404
    assert enter(member).get("/api/v1/exposures/", {"asset": theirs.asset.pk}).status_code == 400


def test_w6_who_leads_sees_how_to_reach_their_people_and_others_do_not(enter, lead, member, mine):
    address = f"/api/v1/people/{mine.membership.user_id}/"

    assert enter(lead).get(address).json()["email"] == mine.membership.user.email
    seen = enter(member).get(address).json()

    assert (seen["email"], seen["role"], seen["name"]) == (None, None, mine.membership.user.name)
    assert enter(member).get("/api/v1/me/").json()["person"]["email"] == member.email


@pytest.mark.slow
@pytest.mark.parametrize("viewer", ["member", "engineer"])
def test_w7_no_name_of_a_request_reaches_a_query(request, enter, viewer, mine):
    person = request.getfixturevalue(viewer)
    client = enter(person)

    # Each address is asked every fifth name, so that all names are asked several times over.
    for at, (name, address) in enumerate(mine.addresses(person, without={"api-organisation-score"}).items()):
        if client.get(address).status_code == 404:
            continue
        for asked in ASKED if name == "api-exposures-list" else ASKED[at % 5 :: 5]:
            response = client.get(address, {asked: "a"})
            assert (name, asked, response.status_code) == (name, asked, 400)
            assert response.json()["error"]["code"] == "bad_parameter"


@pytest.mark.slow
def test_w7_every_known_parameter_refuses_what_it_does_not_know(enter, engineer, mine, theirs):
    client = enter(engineer)
    bad = ["\x00", "9" * 40, "team__name", "é" * 300]

    for name in lists():
        address = mine.addresses(engineer)[name]
        known = client.get(address, {"nonsense": 1}).json()["error"]["allowed"]
        assert {"cursor", "page_size"} <= set(known)
        for parameter in known:
            for value in bad:
                response = client.get(address, {parameter: value})
                assert response.status_code in (200, 400), (name, parameter, value)
                # Texts are searched for, and match nothing; all else is a closed set.
                if response.status_code == 200:
                    assert parameter in ("q", "team", "environment", "environments"), (name, parameter, value)
                else:
                    assert response.json()["error"]["message"]


@pytest.mark.parametrize("address", ["credentials", "exposures", "assets"])
def test_w7_an_order_is_one_of_those_named(enter, engineer, mine, address):
    client = enter(engineer)

    refused = client.get(f"/api/v1/{address}/", {"order": "team__parent__name"})

    assert refused.status_code == 400
    for order in refused.json()["error"]["allowed"]:
        assert client.get(f"/api/v1/{address}/", {"order": order}).status_code == 200


@pytest.mark.parametrize("address", ["teams/a/scores/" + "9" * 30, "assets/" + "9" * 18, "credentials/" + "a" * 26])
def test_w7_an_id_beyond_all_rows_is_no_error_of_ours(enter, engineer, mine, address):
    assert enter(engineer).get(f"/api/v1/{address}/").status_code == 404


@pytest.fixture
def shared(mine, theirs):
    """A value that stands with both teams, and in a store of the other."""
    ExposureFactory(credential=mine.credential, asset=theirs.asset, team=theirs.team)
    HoldingFactory(credential=mine.credential, version__secret=theirs.secret)
    Snapshot.objects.filter(pk=theirs.snapshot.pk).update(card=card(mine.credential, team=theirs.team.slug))
    return mine.credential


def texts(value):
    """Yield every text and number of an answer."""
    if isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    else:
        yield value


def identifiers(client, addresses):
    """Return all long words of all answers: ids, cursors, commits."""
    found = set()
    for address in addresses.values():
        body = client.get(address).json()
        found |= {text for text in texts(body) if isinstance(text, str) and len(text) >= 26 and " " not in text}
    return {text for text in found if not text.startswith(("http", "#/components"))}


def test_w27_two_teams_cannot_join_what_they_see_of_a_shared_value(enter, member, rival, mine, theirs, shared):
    # The document and the policy are the same for everybody.
    same = {"api-schema", *EVERYBODYS}
    ours = identifiers(enter(member), mine.addresses(member, without=same))
    others = identifiers(enter(rival), theirs.addresses(rival, without=same))

    assert opaque_id(member, "credential", shared.pk) in ours
    assert opaque_id(rival, "credential", shared.pk) in others
    assert ours & others == {shared.label}


@pytest.mark.parametrize(("path", "named"), [("exposures", "exposure"), ("credentials", "place")])
def test_w27_a_place_in_a_list_names_its_row_by_the_viewers_id_only(enter, member, mine, path, named):
    ExposureFactory.create_batch(2, asset=mine.asset, team=mine.team)
    page = enter(member).get(f"/api/v1/{path}/?page_size=1").json()

    cursor = parse_qs(urlsplit(page["next"]).query)["cursor"][0].removeprefix("after.")
    place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))

    first = Exposure.objects.get(pk=row_number(member, named, place[-1]))
    assert page["results"][0]["id"] in {
        opaque_id(member, "exposure", first.pk),
        opaque_id(member, "credential", first.credential_id),
    }


def test_how_a_source_is_reached_is_for_those_who_set_it_up(enter, leader, engineer, mine):
    address = f"/api/v1/sources/{mine.asset.source_id}/"

    assert enter(leader).get(address).json()["config"] is None
    assert enter(engineer).get(address).json()["config"] == {"path": "/alder"}


def test_w27_the_id_of_another_team_opens_nothing(enter, member, rival, mine, theirs, shared):
    id_of_theirs = opaque_id(rival, "credential", shared.pk)

    assert enter(rival).get(f"/api/v1/credentials/{id_of_theirs}/").status_code == 200
    assert enter(member).get(f"/api/v1/credentials/{id_of_theirs}/").status_code == 404
    assert enter(member).get("/api/v1/exposures/", {"credential": id_of_theirs}).status_code == 400


@pytest.mark.parametrize("path", ["/api/v1/exposures/", "/exposures/", "/exposures/export.csv"])
def test_w27_even_an_id_that_opens_for_all_filters_by_what_one_sees_only(enter, member, leader, mine, theirs, path):
    own, hidden = (opaque_id(leader, "credential", each.credential.pk) for each in (mine, theirs))

    assert enter(member).get(path, {"credential": own}).status_code == 200
    refused = enter(member).get(path, {"credential": hidden})
    assert refused.status_code == 400
    # Nor does it say that there is such a thing.
    unknown = enter(member).get(path, {"credential": opaque_id(leader, "credential", 10**9)})
    # A page's forms carry another token each time.
    told = {re.sub(rb"[A-Za-z0-9]{64}", b"", each.content) for each in (refused, unknown)}
    assert len(told) == 1


@pytest.mark.parametrize("kind", ["credential", "exposure"])
def test_w27_an_id_is_the_viewers_own_and_no_number_of_a_row(enter, member, rival, leader, mine, theirs, shared, kind):
    named = {}
    for person in (member, rival, leader):
        results = enter(person).get("/api/v1/exposures/").json()["results"]
        rows = [each["credential"]["id"] if kind == "credential" else each["id"] for each in results]
        named[person.pk] = set(rows)
        numbers = [row_number(person, kind, each) for each in rows]
        model = Credential if kind == "credential" else Exposure
        assert None not in numbers
        assert model.objects.filter(pk__in=numbers).count() == len(set(rows))
        assert not any(each.isdigit() for each in rows)

    first, second, third = named.values()
    assert len(first | second | third) == len(first) + len(second) + len(third)


def test_w27_other_places_are_counted_and_not_named(enter, member, mine, theirs, shared):
    shown = enter(member).get(f"/api/v1/credentials/{opaque_id(member, 'credential', shared.pk)}/")

    assert shown.json()["hidden_places"] == hidden_places(member, shared) == 2
    assert shown.json()["places"] == 1
    assert b"zzbirch" not in shown.content.lower()


def test_w27_of_a_weak_value_nothing_is_told_of_other_teams(enter, member, leader, mine, theirs):
    weak = ExposureFactory(asset=mine.asset, credential__weak=True, credential__severity_reason="zzbirch").credential
    ExposureFactory(credential=weak, asset=theirs.asset, team=theirs.team)
    HoldingFactory(credential=weak, version__secret=theirs.secret)

    seen = enter(member).get(f"/api/v1/credentials/{opaque_id(member, 'credential', weak.pk)}/").json()
    whole = enter(leader).get(f"/api/v1/credentials/{opaque_id(leader, 'credential', weak.pk)}/").json()

    told = ("hidden_places", "managed", "current", "severity_reason", "holdings")
    assert [seen[name] for name in told] == [0, None, None, None, []]
    assert (whole["managed"], whole["current"], len(whole["holdings"])) == (True, True, 1)


def test_w27_a_stored_card_names_credentials_by_the_viewers_ids_only(enter, member, mine, theirs):
    hidden = theirs.credential
    snapshot = SnapshotFactory(team=mine.team, card=card(mine.credential, hidden, team=mine.team.slug))

    shown = enter(member).get(f"/api/v1/teams/{mine.team.slug}/scores/{snapshot.pk}/").json()

    expected = opaque_id(member, "credential", mine.credential.pk)
    assert [each["credential"] for each in shown["costs"]] == [expected]
    assert [each["credential"] for each in shown["gains"]] == [expected]
    assert (shown["costs_count"], shown["caps"][0]["count"]) == (2, 2)
    assert mine.credential.label in shown["gains"][0]["action"]
    # Neither the rows' numbers nor a digest from which they could be guessed.
    said = set(texts(shown))
    assert not {str(mine.credential.pk), str(hidden.pk), snapshot.card["input_digest"]} & said
    assert "input_digest" not in json.dumps(shown)


@pytest.mark.parametrize("viewer", ["member", "leader", "engineer"])
def test_no_answer_holds_a_fingerprint_or_what_opens_a_source(request, enter, viewer, mine, theirs):
    person = request.getfixturevalue(viewer)
    client = enter(person)
    secret = {each for row in Credential.objects.all() for each in (row.fingerprint, row.key_id)}
    # A blob's id is an unkeyed hash of a file that may hold nothing but the value.
    secret |= {each for row in Exposure.objects.all() for each in (row.first_blob, row.path_digest)}
    secret |= {member.user.password for member in Membership.objects.exclude(user__password="!")}

    for belongings in (mine, theirs):
        for name, address in belongings.addresses(person).items():
            body = client.get(address).content.decode()
            assert [each for each in secret if each in body] == [], name
            assert '"fingerprint"' not in body or name == "api-schema"
            if not person.configures:
                assert "/srv/git" not in body, name


def test_names_are_raw_text_in_json_and_never_markup(enter, member, mine):
    hostile = "<img src=x onerror=alert(1)>&amp;\u202e\n{{ 7|add:7 }}"
    Exposure.objects.filter(pk=mine.exposure.pk).update(path=hostile, first_author=hostile)

    response = enter(member).get("/api/v1/exposures/")

    assert response["Content-Type"] == "application/json"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.json()["results"][0]["path"] == hostile
    assert response.json()["results"][0]["first"]["author"] == hostile


def test_a_person_is_shown_in_the_teams_that_the_viewer_sees_only(enter, member, mine, theirs):
    MembershipFactory(team=theirs.team, user=mine.membership.user)

    shown = enter(member).get(f"/api/v1/people/{mine.membership.user_id}/").json()

    assert shown["memberships"] == [{"team": "alder", "team_role": "developer"}]
