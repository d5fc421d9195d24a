"""What people may do to a part, what each act sets, and how it is taken back."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from inventory.models import Run
from posture.audit.models import Event
from posture.incidents.models import Part
from posture.incidents.services.acts import Asked, act, undo
from posture.incidents.services.parts import Conflict
from posture.incidents.state import NotAllowed
from tests.factories import EngineerFactory, LeaderFactory, MembershipFactory, TeamFactory, UserFactory
from tests.incidents.test_opening import collected, expose

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return MembershipFactory(role="lead").user


@pytest.fixture
def part(lead):
    expose(lead.teams.get())
    collected()
    return Part.objects.get()


def make(part, severity):
    Part.objects.filter(pk=part.pk).update(severity=severity)


def tomorrow(days=1):
    return timezone.localdate() + timedelta(days=days)


def test_each_act_is_one_event_that_begins_where_the_last_one_ended(lead, part):
    developer = MembershipFactory(team=part.team).user
    act([part.pk], Asked("triage"), actor=lead)
    act([part.pk], Asked("assign", person=developer.pk), actor=lead)
    act([part.pk], Asked("contained"), actor=developer)
    act([part.pk], Asked("rotated"), actor=developer)

    events = list(Event.objects.about("part", [part.pk]))

    assert [event.verb for event in events] == [
        "incident.open",
        "incident.triage",
        "incident.assign",
        "incident.contained",
        "incident.rotated",
    ]
    assert all(before.after == after.before for before, after in pairwise(events))
    assert [event.actor_id for event in events] == [None, lead.pk, lead.pk, developer.pk, developer.pk]


def test_of_two_people_who_act_at_once_one_is_told(lead, part):
    seen = part.changed
    act([part.pk], Asked("triage"), actor=lead, expected=seen)

    with pytest.raises(Conflict, match="changed this in between"):
        act([part.pk], Asked("take"), actor=EngineerFactory(), expected=seen)

    assert Part.objects.get().state == "triaged"


def test_a_state_allows_only_what_follows_it(lead, part):
    with pytest.raises(NotAllowed, match="Attest: it is detected"):
        act([part.pk], Asked("attest", "I saw it gone"), actor=lead)


@pytest.mark.parametrize("verb", ["triage", "assign", "false_positive", "accept", "severity", "pause"])
def test_a_developer_decides_nothing_for_the_team(part, verb):
    developer = MembershipFactory(team=part.team).user

    with pytest.raises(PermissionDenied):
        act([part.pk], Asked(verb, "because", until=tomorrow(), severity="low"), actor=developer)


def test_a_developer_claims_only_what_is_theirs(lead, part):
    developer, other = MembershipFactory(team=part.team).user, MembershipFactory(team=part.team).user
    with pytest.raises(PermissionDenied):
        act([part.pk], Asked("contained"), actor=developer)
    act([part.pk], Asked("take"), actor=developer)
    with pytest.raises(PermissionDenied):
        act([part.pk], Asked("take"), actor=other)

    act([part.pk], Asked("contained"), actor=developer)

    assert Part.objects.get().state == "contained"


def test_to_another_team_a_part_does_not_exist(part):
    stranger = MembershipFactory(role="lead").user

    done = act([part.pk], Asked("triage"), actor=stranger)

    assert (done.parts, done.refused) == ([], {})
    assert Part.objects.get().state == "detected"


@pytest.mark.parametrize("verb", ["false_positive", "accept"])
def test_a_high_one_is_set_aside_by_two_people_only(lead, part, verb):
    make(part, "high")
    asked = Asked(verb, "it opens nothing", until=tomorrow(30))
    act([part.pk], asked, actor=lead)
    act([part.pk], asked, actor=lead)
    assert Part.objects.get().state == "detected"
    second = EngineerFactory()

    done = act([part.pk], Asked(verb, "I looked too"), actor=second)

    assert [each.pk for each in done.parts] == [part.pk]
    assert not Part.objects.get().is_open
    assert Event.objects.about("part", [part.pk]).last().data["proposed_by"] == lead.pk


def test_a_medium_one_takes_one_person(lead, part):
    act([part.pk], Asked("false_positive", "an example of the vendor"), actor=lead)

    assert Part.objects.get().state == "false_positive"


def test_a_proposal_that_is_declined_is_gone(lead, part):
    make(part, "critical")
    act([part.pk], Asked("false_positive", "surely"), actor=lead)
    act([part.pk], Asked("decline", "it opened the ledger"), actor=EngineerFactory())

    assert Part.objects.get().proposal == {}


def test_an_acceptance_has_an_end_within_a_year(lead, part):
    for until in (None, timezone.localdate(), tomorrow(400)):
        with pytest.raises(NotAllowed, match="name a last day"):
            act([part.pk], Asked("accept", "until the move", until=until), actor=lead)


def test_what_needs_a_reason_is_refused_without_one(lead, part):
    with pytest.raises(NotAllowed, match="say why"):
        act([part.pk], Asked("false_positive", "  "), actor=lead)


def test_it_is_given_to_nobody_outside_the_team(lead, part):
    for person in (MembershipFactory().user.pk, UserFactory(is_active=False).pk, 10**9):
        with pytest.raises(NotAllowed, match="choose a person of this team"):
            act([part.pk], Asked("assign", person=person), actor=lead)

    act([part.pk], Asked("assign", person=LeaderFactory().pk), actor=lead)
    assert Part.objects.get().state == "assigned"


def test_a_pause_moves_the_deadlines_by_its_length(lead, part):
    before = part.verify_by
    act([part.pk], Asked("pause", "the vendor has to answer"), actor=lead)
    Part.objects.update(paused_at=timezone.now() - timedelta(days=3))

    act([part.pk], Asked("resume"), actor=lead)

    after = Part.objects.get()
    assert timedelta(days=3) <= after.verify_by - before < timedelta(days=3, minutes=5)
    assert after.due_at == after.verify_by


def test_undo_puts_back_what_was_and_keeps_the_history(lead, part):
    act([part.pk], Asked("take"), actor=lead)
    before = Part.objects.get()
    act([part.pk], Asked("contained"), actor=lead)

    undo(part.pk, actor=lead)

    after = Part.objects.get()
    for name in ("state", "claimed_at", "claimed_by_id", "assignee_id", "due_at", "is_open", "watched"):
        assert getattr(after, name) == getattr(before, name), name
    assert [event.verb for event in Event.objects.about("part", [part.pk])][-2:] == [
        "incident.contained",
        "incident.undo",
    ]


def test_nobody_undoes_what_somebody_else_did(lead, part):
    act([part.pk], Asked("triage"), actor=lead)

    with pytest.raises(NotAllowed, match="nothing of yours"):
        undo(part.pk, actor=EngineerFactory())


def test_a_claim_asks_for_a_collection_of_the_sources_that_can_prove_it(lead, part):
    act([part.pk], Asked("contained"), actor=lead)

    assert Run.objects.filter(source__assets__team=part.team, trigger="person").count() == 1


def test_many_are_done_as_far_as_each_may_be(lead, part):
    expose(part.team)
    expose(TeamFactory())
    collected()
    act([part.pk], Asked("triage"), actor=lead)
    mine = list(Part.objects.filter(team=part.team).order_by("pk"))

    done = act(list(Part.objects.values_list("pk", flat=True)), Asked("triage"), actor=lead)

    assert [each.pk for each in done.parts] == [mine[1].pk]
    assert list(done.refused) == [part.pk]
