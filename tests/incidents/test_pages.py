"""The inbox and a part's page: who sees what, what can be done there, and what is never lost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posture.incidents.models import Comment, Part
from posture.incidents.services.acts import Asked, act
from posture.notify.models import Delivery
from tests.factories import AssetFactory, LeaderFactory, MembershipFactory, SecretFactory, TeamFactory
from tests.incidents.test_opening import collected, expose

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return MembershipFactory(role="lead", user__name="Ingrid Dahl").user


@pytest.fixture
def part(lead):
    expose(lead.teams.get(), path="deploy/settings.env")
    collected()
    return Part.objects.get()


def address(part, what=""):
    return f"/incidents/{part.pk}/{what}"


def send(client, part, verb, **more):
    return client.post(address(part, "act/"), {"verb": verb, "expected": part.changed} | more)


def test_the_inbox_shows_what_is_of_ones_own_teams_and_nothing_else(client, lead, part):
    expose(TeamFactory(), path="elsewhere/secrets.env")
    collected()
    client.force_login(lead)

    page = client.get("/incidents/").content.decode()

    assert "deploy/settings.env" in page
    assert "elsewhere/secrets.env" not in page


@pytest.mark.parametrize("what", ["", "act/", "undo/", "comment/", "watch/"])
def test_another_teams_part_is_not_there(client, part, what):
    client.force_login(MembershipFactory(role="lead").user)
    told = {"verb": "triage", "expected": 0, "text": "hello", "on": "yes"}

    answer = client.post(address(part, what), told) if what else client.get(address(part))

    assert answer.status_code == 404
    assert Part.objects.get().state == "detected"


def test_a_part_says_first_what_to_do(client, lead, part):
    client.force_login(lead)

    page = client.get(address(part)).content.decode()

    assert page.index("Do this now") < page.index("Timeline")
    assert "Make it dead at GitHub" in page
    assert "Say it is contained" in page


def test_the_buttons_are_those_that_work(client, lead, part):
    developer = MembershipFactory(team=part.team).user
    client.force_login(developer)

    page = client.get(address(part)).content.decode()

    assert "Take it" in page
    assert "False positive" not in page
    assert "Say it is contained" not in page


def test_an_act_that_came_second_is_told_and_keeps_what_was_typed(client, lead, part):
    act([part.pk], Asked("triage"), actor=LeaderFactory())
    client.force_login(lead)

    answer = send(client, part, "false_positive", reason="an example from the manual")

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody changed this in between" in page
    assert "an example from the manual" in page
    assert f'name="expected" value="{Part.objects.get().changed}"' in page


def test_a_claim_is_made_and_undone(client, lead, part):
    client.force_login(lead)
    send(client, part, "contained")
    assert Part.objects.get().state == "contained"
    assert "Undo my last step" in client.get(address(part)).content.decode()

    client.post(address(part, "undo/"))

    assert Part.objects.get().state == "detected"


def test_a_comment_tells_whom_it_names_if_they_may_see_it(client, lead, part):
    seeing = MembershipFactory(team=part.team, user__email="kari@halden.example").user
    MembershipFactory(user__email="olav@halden.example")
    client.force_login(lead)

    client.post(address(part, "comment/"), {"text": "@kari is this yours? @olav@halden.example"})

    assert Comment.objects.get().text.startswith("@kari")
    told = Delivery.objects.filter(kind="incident.mention")
    assert [row.person_id for row in told] == [seeing.pk]
    assert "@kari is this yours?" in client.get(address(part)).content.decode()


def test_many_are_done_at_once_and_what_may_not_be_is_told(client, lead, part):
    expose(part.team)
    other = expose(TeamFactory())
    collected()
    client.force_login(lead)
    numbers = list(Part.objects.values_list("pk", flat=True))

    answer = client.post("/incidents/", {"verb": "triage", "part": numbers}, follow=True)

    assert "2 incidents: mark as triaged, done." in answer.content.decode()
    assert Part.objects.get(team=other.team).state == "detected"


def test_the_inbox_says_why_nothing_was_done(client, lead, part):
    client.force_login(lead)

    answer = client.post("/incidents/", {"verb": "false_positive", "part": [part.pk]})

    assert answer.status_code == 400
    assert "say why" in answer.content.decode()
    assert f'value="{part.pk}" checked' in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", True),
        ("whose=mine", False),
        ("whose=teams", True),
        ("due=late", True),
        ("state=rotated", False),
        ("waits=owner", True),
        ("snoozed=yes", False),
        ("closed=yes", False),
        ("kind=failed-rotation", False),
        ("severity=critical", False),
    ],
)
def test_filters_keep_what_they_say(client, lead, part, query, shown):
    Part.objects.update(due_at=timezone.now() - timedelta(days=1), severity="high")
    client.force_login(lead)

    page = client.get(f"/incidents/?{query}").content.decode()

    assert ("deploy/settings.env" in page) is shown


def test_what_is_snoozed_sleeps(client, lead, part):
    client.force_login(lead)
    send(client, part, "snooze", reason="after the release", until=timezone.localdate() + timedelta(days=3))

    assert "deploy/settings.env" not in client.get("/incidents/").content.decode()
    assert "deploy/settings.env" in client.get("/incidents/?snoozed=yes").content.decode()


@pytest.mark.parametrize("where", ["inbox", "part"])
def test_pages_take_no_more_queries_for_many_than_for_few(client, lead, part, where):
    url = "/incidents/" if where == "inbox" else address(part)
    client.force_login(lead)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for _ in range(12):
        expose(part.team)
        SecretFactory(asset__team=part.team)
    collected()

    with CaptureQueriesContext(connection) as many:
        assert client.get(url).status_code == 200

    assert len(many) <= len(few)
    assert len(many) <= (12 if where == "inbox" else 20)


def test_what_somebody_proposed_is_confirmed_or_declined_by_another(client, lead, part):
    Part.objects.update(severity="high")
    act([part.pk], Asked("false_positive", "an example from the manual"), actor=lead)
    client.force_login(LeaderFactory())
    page = client.get(address(part)).content.decode()
    assert "an example from the manual" in page

    send(client, Part.objects.get(), "decline", reason="it opened the ledger")

    assert "Decline the proposal" in page
    assert Part.objects.get().proposal == {}


def test_the_inbox_keeps_what_was_typed_where_the_person_may_not(client, part):
    client.force_login(MembershipFactory(team=part.team).user)

    answer = client.post("/incidents/", {"verb": "false_positive", "part": [part.pk], "reason": "an example"})

    assert answer.status_code == 400
    assert "this is for the team&#x27;s leads" in answer.content.decode()
    assert 'value="an example"' in answer.content.decode()


def test_w2_a_person_of_another_team_is_refused_as_one_that_there_is_not(client, lead, part):
    client.force_login(lead)

    answers = [send(client, part, "assign", person=pk) for pk in (MembershipFactory().user.pk, 10**9, 2**63)]

    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert all("choose a person of this team" in answer.content.decode() for answer in answers[:2])
    assert Part.objects.get().assignee is None


def test_an_inbox_is_empty_for_good_only_where_something_was_looked_at(client):
    client.force_login(LeaderFactory())
    assert "Nothing was looked at yet" in client.get("/incidents/").content.decode()
    AssetFactory(last_read_at=timezone.now())

    assert "No incident is open" in client.get("/incidents/").content.decode()
