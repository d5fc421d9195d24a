import secrets
import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from posture.accounts.middleware import IDLE_SECONDS
from posture.accounts.models import User
from posture.accounts.services import disable_person, make_sign_in_link, set_role, sign_out_everywhere
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

LIMITS = "posture.accounts.middleware.SessionLimitsMiddleware"


@pytest.fixture(autouse=True)
def limits(settings):
    if LIMITS not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, LIMITS]


def is_in(browser):
    return browser.get("/settings/").status_code == 200


def age(browser, **seconds):
    session = browser.session
    for key, value in seconds.items():
        session[key] = int(time.time()) - value
    session.save()


def test_w23_signing_in_opens_a_session_under_a_new_key_and_kills_the_old(settings):
    browser = Client()
    planted = browser.session
    planted["colour"] = "blue"
    planted.save()
    browser.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key

    browser.post(make_sign_in_link(user=UserFactory()).removeprefix(settings.ORIGIN))

    assert browser.session.session_key != planted.session_key
    assert not Session.objects.filter(pk=planted.session_key).exists()
    assert is_in(browser)


def test_w23_signing_in_again_changes_the_key_too(settings):
    person, browser = UserFactory(), Client()
    keys = []
    for _ in range(2):
        browser.post(make_sign_in_link(user=person).removeprefix(settings.ORIGIN))
        keys.append(browser.session.session_key)

    assert len(set(keys)) == 2
    assert not Session.objects.filter(pk=keys[0]).exists()


def test_w23_a_copied_cookie_is_worth_nothing_after_signing_out(settings, enter):
    browser, thief = enter(UserFactory()), Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert is_in(thief)

    browser.post("/sign-out/")

    assert not is_in(thief)


def test_signing_out_is_not_done_by_a_link(enter):
    browser = enter(UserFactory())

    assert browser.get("/sign-out/").status_code == 405
    assert is_in(browser)


def test_w23_signing_out_everywhere_ends_every_session_of_that_person_only(enter):
    person, colleague = UserFactory(), UserFactory()
    here, there, other = enter(person), enter(person), enter(colleague)

    here.post("/settings/sign-out-everywhere/")

    assert [is_in(browser) for browser in (here, there, other)] == [False, False, True]
    assert is_in(enter(User.objects.get(pk=person.pk)))


def test_w20_a_disabled_person_is_out_at_the_next_click(enter, engineer):
    person = UserFactory()
    browser = enter(person)
    assert is_in(browser)

    disable_person(user=person, by=engineer)

    assert not is_in(browser)
    User.objects.filter(pk=person.pk).update(is_active=True)
    assert not is_in(browser)


def test_w20_a_lost_role_is_lost_at_the_next_click(enter, engineer):
    person = UserFactory(role="leader")
    browser = enter(person)
    assert browser.get("/settings/people/").status_code == 200

    set_role(user=person, role="member", by=engineer)

    assert browser.get("/settings/people/").status_code == 404


def test_w23_a_session_gets_a_new_key_when_the_role_changes(enter, engineer):
    person = UserFactory()
    browser = enter(person)
    is_in(browser)
    before = browser.session.session_key

    set_role(user=person, role="leader", by=engineer)

    assert is_in(browser)
    assert browser.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_changing_the_password_ends_the_other_sessions(enter):
    words = secrets.token_urlsafe(16)
    person = UserFactory()
    person.set_password(words)
    person.save()
    here, there = enter(person), enter(person)

    here.post("/settings/password/", {"current": words, "new": "three quiet rivers 7"})

    assert [is_in(here), is_in(there)] == [True, False]


def test_w23_an_idle_session_ends(enter):
    browser = enter(UserFactory())
    is_in(browser)

    age(browser, used=IDLE_SECONDS - 60)
    assert is_in(browser)
    age(browser, used=IDLE_SECONDS + 60)
    assert not is_in(browser)


def test_w23_a_session_in_use_ends_after_its_absolute_limit(enter, settings):
    browser = enter(UserFactory())
    is_in(browser)

    age(browser, started=settings.SESSION_COOKIE_AGE - 60)
    assert is_in(browser)
    age(browser, started=settings.SESSION_COOKIE_AGE + 60)
    assert not is_in(browser)


def test_w20_signing_out_everywhere_kills_unused_links_too(settings):
    person = UserFactory()
    link = make_sign_in_link(user=person).removeprefix(settings.ORIGIN)

    sign_out_everywhere(user=person)

    assert Client().post(link).status_code == 410


def test_sessions_outlive_a_change_of_the_signing_key(enter, settings):
    browser = enter(UserFactory())

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = secrets.token_urlsafe(50)

    assert is_in(browser)
