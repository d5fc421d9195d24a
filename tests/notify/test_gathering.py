"""Digests: what waits for one person comes as one mail."""

from datetime import timedelta

import pytest
from django.utils import timezone

from posture.notify.delivery import send_due
from posture.notify.gathering import FLOOD
from posture.notify.kinds import register_kind
from posture.notify.models import Delivery, Preferences
from posture.notify.services import tell
from tests.factories import UserFactory
from tests.services.mail import mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(settings):
    with mail_server() as server:
        settings.SMTP_URL = server.url
        yield server


@pytest.fixture
def reader():
    """Somebody who wants a digest."""
    person = UserFactory()
    Preferences.objects.create(person=person, timings={"test.opened": "digest", "test.hidden": "digest"})
    return person


def the_hour_comes():
    Delivery.objects.filter(state="held").update(due_at=timezone.now() - timedelta(seconds=1))


def texts(mails):
    return [next(mail.iter_parts()).get_content() for mail in mails]


def test_what_waits_for_a_digest_is_one_mail_with_every_message_and_link(mail, reader, message):
    for number in range(3):
        tell(
            message(key=f"thing:{number}", subject=f"Thing {number} was opened", url=f"/things/{number}/"),
            people=[reader.pk],
        )

    assert send_due() == 0, "it is sent before its hour"
    the_hour_comes()
    assert send_due() == 1

    (text,) = texts(mail.mails)
    assert mail.mails[0]["Subject"] == "3 messages from Secrets Posture"
    for number in range(3):
        assert f"Thing {number} was opened" in text
        assert f"/things/{number}/" in text
    states = Delivery.objects.filter(kind="test.opened").values_list("state", "digest__state")
    assert list(states) == [("gathered", "sent")] * 3


def test_a_single_message_goes_as_itself(mail, reader, message):
    tell(message(), people=[reader.pk])
    the_hour_comes()

    assert send_due() == 1
    assert mail.mails[0]["Subject"] == "A thing was opened"


def test_each_person_gets_their_own_digest_only(mail, reader, message):
    other = UserFactory()
    Preferences.objects.create(person=other, timings={"test.opened": "digest"})
    for person in (reader, other):
        for number in range(2):
            tell(message(key=f"{number}", lines=(f"Only for {person.email}.",)), people=[person.pk])
    the_hour_comes()

    send_due()

    assert sorted(mail.recipients) == sorted([reader.email, other.email])
    for recipient, text in zip(mail.recipients, texts(mail.mails), strict=True):
        assert text.count("Only for") == 2
        assert text.count(f"Only for {recipient}.") == 2


def test_a_flood_of_messages_comes_as_one_mail(mail, message):
    person = UserFactory()
    for number in range(FLOOD + 1):
        tell(message(key=f"thing:{number}"), people=[person.pk])

    assert send_due() == 1
    assert mail.mails[0]["Subject"] == f"{FLOOD + 1} messages from Secrets Posture"


def test_few_messages_come_one_by_one(mail, message):
    person = UserFactory()
    for number in range(FLOOD):
        tell(message(key=f"thing:{number}"), people=[person.pk])

    assert send_due() == FLOOD


def test_a_digest_is_bounded_and_counts_what_it_leaves_out(mail, reader, message):
    for number in range(60):
        tell(message(key=f"thing:{number}", subject=f"Thing {number} was opened"), people=[reader.pk])
    the_hour_comes()

    send_due()

    (text,) = texts(mail.mails)
    assert text.count("was opened") == 50
    assert "And 10 more: " in text


def test_what_a_person_may_no_longer_see_is_left_out_of_the_digest(mail, reader, message):
    allowed = {"hidden": True}
    register_kind("test.hidden", "x", still_concerns=lambda person, key: allowed["hidden"] or key != "hidden")
    for key in ("hidden", "seen", "too"):
        tell(message(kind="test.hidden", key=key, subject=f"About {key}"), people=[reader.pk])
    allowed["hidden"] = False
    the_hour_comes()

    send_due()

    (text,) = texts(mail.mails)
    assert "About seen" in text
    assert "About hidden" not in text
    assert mail.mails[0]["Subject"].startswith("2 messages")
    assert Delivery.objects.get(key="hidden").state == "dropped"


def test_a_digest_that_waited_for_its_server_asks_again_what_may_be_seen(mail, reader, message):
    allowed = {"hidden": True}
    register_kind("test.hidden", "x", still_concerns=lambda person, key: allowed["hidden"] or key != "hidden")
    for key in ("hidden", "seen"):
        tell(message(kind="test.hidden", key=key, subject=f"About {key}"), people=[reader.pk])
    the_hour_comes()
    mail.at_data = "451 4.3.0 Later"
    send_due()
    mail.at_data = ""
    allowed["hidden"] = False
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))

    send_due()

    (text,) = texts(mail.mails)
    assert "About hidden" not in text
