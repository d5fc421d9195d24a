"""Telling writes rows of the outbox, once for each person and key, and only with the change itself."""

from datetime import time, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from posture.notify.kinds import UnknownKind, register_kind
from posture.notify.models import Delivery, Preferences
from posture.notify.services import tell
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_each_person_gets_one_row_and_the_same_key_adds_none(message):
    people = [UserFactory().pk, UserFactory().pk]

    first = tell(message(), people=[*people, people[0]])
    again = tell(message(subject="Said otherwise"), people=people)

    assert (first, again) == (2, 0)
    assert [(row.subject, row.state, row.attempts) for row in Delivery.objects.all()] == [
        ("A thing was opened", "waiting", 0)
    ] * 2


def test_somebody_who_joins_is_told_what_others_know_already(message):
    known, new = UserFactory().pk, UserFactory().pk
    tell(message(), people=[known])

    assert tell(message(), people=[known, new]) == 1
    assert Delivery.objects.filter(person=new).count() == 1


def test_j20_a_change_that_is_rolled_back_tells_nobody(message):
    person = UserFactory().pk

    with transaction.atomic():
        assert tell(message(), people=[person]) == 1
        transaction.set_rollback(True)

    assert not Delivery.objects.exists()


def test_a_kind_that_nobody_registered_is_refused(message):
    with pytest.raises(UnknownKind, match="register_kind"):
        tell(message(kind="test.unheard"), people=[UserFactory().pk])


def test_a_kind_is_registered_once_in_one_way():
    register_kind("test.opened", "things that were opened")

    with pytest.raises(ValueError, match="twice"):
        register_kind("test.opened", "something else")


def test_d6_control_characters_and_length_are_bounded_before_anything_is_stored(message):
    person = UserFactory().pk
    hostile = "Hello\r\nBcc: all@halden.example\x1b[31m\x00\u202ered\ud800"

    tell(message(subject=hostile, lines=(hostile, "x" * 10_000, *["line"] * 100)), people=[person])

    row = Delivery.objects.get()
    assert row.subject == "Hello Bcc: all@halden.example [31m red"
    assert row.lines[0] == row.subject
    assert len(row.lines[1]) == 500
    assert len(row.lines) == 40
    assert row.lines[-1] == "And 63 more lines, which the page shows."


@pytest.mark.parametrize(
    "url",
    ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "/a b", "/a\nb", "javascript:x"],
)
def test_w11_an_address_that_leads_out_of_the_product_is_refused(message, url):
    with pytest.raises(ValueError, match="path within the product"):
        tell(message(url=url), people=[UserFactory().pk])


def test_who_wants_a_digest_waits_for_its_hour_and_who_wants_nothing_gets_nothing(message):
    digest, off = UserFactory(), UserFactory()
    Preferences.objects.create(person=digest, timings={"test.opened": "digest"}, digest_hour=6)
    Preferences.objects.create(person=off, timings={"test.opened": "off"})

    assert tell(message(), people=[digest.pk, off.pk]) == 1

    row = Delivery.objects.get()
    assert (row.person, row.state, row.due_at.hour) == (digest, "held", 6)
    assert timezone.now() < row.due_at <= timezone.now() + timedelta(days=1)


def test_quiet_hours_hold_a_message_back_and_urgent_ones_only_where_the_person_says_so(message):
    lets, does_not = UserFactory(), UserFactory()
    now = timezone.now()
    hours = {"quiet_from": (now - timedelta(hours=1)).time(), "quiet_until": (now + timedelta(hours=1)).time()}
    Preferences.objects.create(person=lets, **hours)
    Preferences.objects.create(person=does_not, urgent_at_once=False, **hours)

    tell(message(), people=[lets.pk, does_not.pk])
    tell(message(key="urgent", urgent=True), people=[lets.pk, does_not.pk])

    states = {(row.person, row.key): row.state for row in Delivery.objects.select_related("person")}
    assert states == {
        (lets, "thing:1:opened"): "held",
        (does_not, "thing:1:opened"): "held",
        (lets, "urgent"): "waiting",
        (does_not, "urgent"): "held",
    }


def test_telling_a_thousand_people_takes_few_queries(message, django_assert_max_num_queries):
    people = [UserFactory().pk for _ in range(1_000)]
    Preferences.objects.create(person_id=people[0], quiet_from=time(0), quiet_until=time(0))

    # SQLite takes about forty of these rows in one statement.
    with django_assert_max_num_queries(40):
        assert tell(message(), people=people) == 1_000
