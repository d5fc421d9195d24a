"""Notifications and the outbox: each person's own; all of it for those who see everything."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from posture.audit.models import Event
from posture.notify import kinds as registered
from posture.notify.kinds import register_kind
from posture.notify.models import Delivery, Preferences
from posture.notify.written import OUTBOX, PREFERENCES
from tests.factories import EngineerFactory, LeaderFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    """Among the registered kinds for the length of one test."""
    monkeypatch.setattr(registered, "_KINDS", dict(registered._KINDS))
    return register_kind("test.opened", "things that were opened")


def delivery(person, number=1, **given):
    whole = {"channel": "mail", "kind": "test.opened", "key": f"{number}", "subject": f"Thing {number} opened"}
    return Delivery.objects.create(person=person, **(whole | given))


def hook(number=1, **given):
    return delivery(None, number, channel="slack", webhook="chat", subject=f"Hook {number}", **given)


def choices(**given):
    whole = {f"kind-{kind.slug}": "at once" for kind in registered.kinds()}
    hours = {"time_zone": "Europe/Berlin", "digest_hour": "7", "quiet_from": "22:00", "quiet_until": "06:30"}
    return whole | hours | {"urgent_at_once": "on"} | given


def test_mails_lead_to_the_pages_that_there_are():
    assert reverse("accounts:notifications") == PREFERENCES
    assert reverse("accounts:messages") == OUTBOX


def test_what_a_person_chooses_is_kept_and_shown_again(client):
    person = UserFactory()
    client.force_login(person)

    saved = client.post(reverse("accounts:notifications"), choices(**{"kind-test.opened": "digest"}))
    page = client.get(reverse("accounts:notifications")).content.decode()

    kept = Preferences.objects.get(person=person)
    assert saved.status_code == 302
    assert kept.timings["test.opened"] == "digest"
    assert (kept.time_zone, kept.digest_hour, f"{kept.quiet_from:%H:%M}") == ("Europe/Berlin", 7, "22:00")
    assert re.search(r'<option value="digest" selected>', page)
    assert 'value="22:00"' in page


@pytest.mark.parametrize(
    "wrong",
    [{"quiet_until": ""}, {"time_zone": "Nowhere/At-all"}, {"digest_hour": "24"}, {"kind-test.opened": "never"}],
)
def test_a_wrong_choice_is_refused_and_nothing_is_kept(client, wrong):
    client.force_login(UserFactory())

    answer = client.post(reverse("accounts:notifications"), choices(**wrong))

    assert answer.status_code == 400
    assert not Preferences.objects.exists()


def test_what_waits_follows_a_new_choice(client):
    person = UserFactory()
    client.force_login(person)
    held = delivery(person, state="held")

    client.post(reverse("accounts:notifications"), choices(quiet_from="", quiet_until=""))
    at_once = Delivery.objects.get(pk=held.pk).state
    Delivery.objects.update(state="held")
    client.post(reverse("accounts:notifications"), choices(**{"kind-test.opened": "off"}))

    assert (at_once, Delivery.objects.get(pk=held.pk).state) == ("waiting", "dropped")


def test_w1_a_person_sees_their_own_messages_and_no_other(client):
    person, other = UserFactory(), UserFactory()
    delivery(person, 1)
    delivery(other, 2)
    hook(3)
    client.force_login(person)

    page = client.get(reverse("accounts:messages")).content.decode()
    told = client.get("/api/v1/messages/").json()["results"]

    assert "Thing 1 opened" in page
    assert "Thing 2" not in page
    assert "Hook" not in page
    assert [row["subject"] for row in told] == ["Thing 1 opened"]


@pytest.mark.parametrize("factory", [LeaderFactory, EngineerFactory])
def test_leaders_and_engineers_see_all_of_it(client, factory):
    delivery(UserFactory(name="Ada"), 1)
    hook(2)
    client.force_login(factory())

    page = client.get(reverse("accounts:messages")).content.decode()

    assert all(words in page for words in ("Thing 1 opened", "Ada", "Hook 2", "chat"))


def test_w1_what_was_never_sent_and_is_no_longer_theirs_is_blank_for_a_person(client):
    register_kind("test.hidden", "x", still_concerns=lambda person, key: False)
    person = UserFactory()
    for number, state in enumerate(["held", "waiting", "failed", "dropped"]):
        delivery(person, number, kind="test.hidden", state=state, url="/secret-place/", lines=["Hidden line"])
    delivery(person, 9, kind="test.hidden", state="sent", sent_at=timezone.now())
    client.force_login(person)

    page = client.get(reverse("accounts:messages")).content.decode()
    told = [row["subject"] for row in client.get("/api/v1/messages/").json()["results"]]

    assert re.findall(r"Thing (\d) opened", page) == ["9"]
    assert "secret-place" not in page
    assert sorted(told) == ["No longer yours to see"] * 4 + ["Thing 9 opened"]


def test_failed_ones_come_first_and_every_row_is_on_one_page(client):
    person = UserFactory()
    for number in range(30):
        delivery(person, number, state="failed")
    for number in range(30, 60):
        delivery(person, number, state="sent")
    client.force_login(person)
    url, seen = reverse("accounts:messages"), []

    while url:
        page = client.get(url).content.decode()
        seen += re.findall(r"Thing (\d+) opened</", page) or re.findall(r"Thing (\d+) opened", page)
        following = re.search(r'href="(\?[^"]*)" rel="next"', page)
        url = reverse("accounts:messages") + following.group(1).replace("&amp;", "&") if following else ""

    assert [int(number) for number in seen] == [*range(29, -1, -1), *range(59, 29, -1)]


def test_the_list_narrows_by_state_and_ignores_what_is_no_state(client):
    person = UserFactory()
    delivery(person, 1, state="failed", error="The mail server does not answer.")
    delivery(person, 2, state="sent")
    client.force_login(person)

    narrowed = client.get(reverse("accounts:messages"), {"state": "failed"}).content.decode()
    odd = client.get(reverse("accounts:messages"), {"state": "x' OR 1", "after": "9-9'"}).content.decode()

    assert "The mail server does not answer." in narrowed
    assert "Thing 2" not in narrowed
    assert "Thing 1" in odd
    assert "Thing 2" in odd


def test_an_engineer_sends_a_failed_message_again_with_all_its_attempts_and_is_written_down(client):
    engineer = EngineerFactory()
    failed = delivery(UserFactory(), state="failed", attempts=8, doubts=2, error="x")
    sent = delivery(UserFactory(), 2, state="sent")
    client.force_login(engineer)

    client.post(reverse("accounts:message-again", args=[failed.pk]))
    client.post(reverse("accounts:message-again", args=[sent.pk]))

    row = Delivery.objects.get(pk=failed.pk)
    assert (row.state, row.attempts, row.doubts, row.error) == ("waiting", 0, 0, "")
    assert Delivery.objects.get(pk=sent.pk).state == "sent"
    event = Event.objects.get(verb="message.sent-again")
    assert (event.subject_id, event.actor_id) == (failed.pk, engineer.pk)


def test_all_failed_messages_are_sent_again_at_once(client):
    for number in range(3):
        delivery(UserFactory(), number, state="failed")
    client.force_login(EngineerFactory())

    client.post(reverse("accounts:messages-again"))

    assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}


def test_preferences_over_the_api_are_ones_own_and_checked(client):
    person = UserFactory()
    client.force_login(person)
    body = {
        "timings": {"test.opened": "off"},
        "time_zone": "Europe/Berlin",
        "digest_hour": 6,
        "quiet_from": None,
        "quiet_until": None,
        "urgent_at_once": False,
    }
    address = "/api/v1/me/notifications/"

    before = client.get(address).json()
    kept = client.put(address, body, content_type="application/json")
    wrong = [
        client.put(address, body | change, content_type="application/json").status_code
        for change in (
            {"timings": {"test.unheard": "off"}},
            {"timings": {"test.opened": "never"}},
            {"time_zone": "Nowhere"},
            {"quiet_from": "22:00"},
            {"digest_hour": 24},
            {"person": 1},
        )
    ]

    assert before["timings"]["test.opened"] == "at once"
    assert (kept.status_code, kept.json()["timings"]["test.opened"]) == (200, "off")
    assert wrong == [400] * 6
    assert Preferences.objects.get().person == person
