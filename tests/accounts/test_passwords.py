import secrets
import threading

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.test import Client
from django.utils import timezone

from posture.accounts.models import SignInCounter
from posture.accounts.services import Refused, TooManyAttempts, set_password, sign_in_with_password, throttle
from posture.accounts.services.throttle import LIMIT, WINDOW
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

HERE = "192.0.2.7"


@pytest.fixture
def secret_words():
    return secrets.token_urlsafe(16)


@pytest.fixture
def person(secret_words):
    user = UserFactory(email="mira@halden.example")
    user.set_password(secret_words)
    user.save()
    return user


def fail(email, address=HERE):
    with pytest.raises(Refused) as refusal:
        sign_in_with_password(email=email, password=secrets.token_urlsafe(8), address=address)
    return refusal.value


def test_e_mail_in_any_case_and_password_sign_in(person, secret_words):
    assert sign_in_with_password(email=" Mira@HALDEN.example ", password=secret_words, address=HERE) == person


def test_w25_unknown_disabled_and_wrong_are_answered_alike(person, secret_words):
    disabled = UserFactory(is_active=False)
    disabled.set_password(secret_words)
    disabled.save()
    link_only = UserFactory()
    link_only.set_unusable_password()
    link_only.save()

    answers = {
        Client()
        .post("/sign-in/", {"email": email, "password": password})
        .content.decode()
        .replace(email, "")
        .split("</form>")[0]
        .split("csrfmiddlewaretoken")[0]
        for email, password in [
            (person.email, "wrong"),
            ("nobody@halden.example", "wrong"),
            (disabled.email, secret_words),
            (link_only.email, "wrong"),
        ]
    }
    messages = {str(fail(email)) for email in (person.email, "nobody@halden.example", disabled.email)}

    assert len(answers) == 1
    assert len(messages) == 1


def test_w25_unknown_people_take_the_same_time(real_passwords, secret_words, monkeypatch):
    known, link_only, disabled = UserFactory(), UserFactory(), UserFactory(is_active=False)
    for person in (known, disabled):
        person.set_password(secret_words)
        person.save()
    link_only.set_unusable_password()
    link_only.save()
    work = []
    encode = PBKDF2PasswordHasher.encode

    def counted(hasher, password, salt, iterations=None):
        # The work is counted, since a clock would measure what else the machine does.
        work.append(iterations or hasher.iterations)
        return encode(hasher, password, salt, 1)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counted)

    def spent(email):
        work.clear()
        fail(email)
        return sum(work)

    expected = spent(known.email)
    assert expected >= 600_000  # OWASP's figure for PBKDF2 with SHA-256.
    assert [spent(email) for email in ("nobody@halden.example", link_only.email, disabled.email)] == [expected] * 3


def test_w25_after_ten_failures_even_the_right_password_waits(person, secret_words):
    for _ in range(LIMIT):
        assert not isinstance(fail(person.email), TooManyAttempts)

    with pytest.raises(TooManyAttempts, match="Wait 15 minutes"):
        sign_in_with_password(email=person.email, password=secret_words, address="192.0.2.200")
    SignInCounter.objects.update(started_at=timezone.now() - WINDOW)
    assert sign_in_with_password(email=person.email, password=secret_words, address=HERE) == person


def test_w25_an_unknown_account_is_made_to_wait_too():
    for _ in range(LIMIT):
        fail("nobody@halden.example")

    assert isinstance(fail("nobody@halden.example", address="192.0.2.200"), TooManyAttempts)


def test_w25_one_address_cannot_try_many_accounts():
    for number in range(LIMIT):
        fail(f"person{number}@halden.example")

    assert isinstance(fail("another@halden.example"), TooManyAttempts)
    assert not isinstance(fail("another@halden.example", address="192.0.2.8"), TooManyAttempts)


def test_w25_success_is_not_counted_and_resets_nothing(person, secret_words):
    for _ in range(LIMIT - 1):
        fail("victim@halden.example")
    for _ in range(3 * LIMIT):
        sign_in_with_password(email=person.email, password=secret_words, address=HERE)

    fail("victim@halden.example")
    assert isinstance(fail("victim@halden.example"), TooManyAttempts)


def test_w25_a_forged_forwarded_address_changes_nothing(settings):
    answers = [
        Client().post(
            "/sign-in/",
            {"email": f"person{number}@halden.example", "password": "wrong"},
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        )
        for number in range(LIMIT + 1)
    ]

    assert [answer.status_code for answer in answers] == [400] * LIMIT + [429]


def test_w25_behind_ones_own_proxy_only_what_the_proxy_added_counts(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    def attempt(forwarded, number):
        return Client().post(
            "/sign-in/",
            {"email": f"person{number}@halden.example", "password": "wrong"},
            headers={"X-Forwarded-For": forwarded},
        )

    for number in range(LIMIT):
        assert attempt(f"10.0.0.{number}, 198.51.100.9", number).status_code == 400
    assert attempt("10.9.9.9, 198.51.100.9", 50).status_code == 429
    assert attempt("198.51.100.9, 198.51.100.10", 51).status_code == 400


def test_w25_an_ipv6_network_counts_as_one():
    same = [throttle.keys(email="a@b.example", address=f"2001:db8:1:2::{number}")[1] for number in range(3)]
    other = throttle.keys(email="a@b.example", address="2001:db8:1:3::1")[1]

    assert len(set(same)) == 1
    assert other not in same
    assert throttle.keys(email="", address="::ffff:192.0.2.7")[1] == throttle.keys(email="", address="192.0.2.7")[1]


def test_w25_what_was_typed_is_not_kept_and_old_counters_go(person):
    fail("typed-my-password-here@halden.example")
    SignInCounter.objects.update(started_at=timezone.now() - 100 * WINDOW)

    fail("other@halden.example", address="192.0.2.99")

    assert SignInCounter.objects.count() == 2
    assert not SignInCounter.objects.filter(key__contains="halden").exists()


@pytest.mark.django_db(transaction=True)
def test_w25_of_forty_attempts_at_once_exactly_ten_are_made():
    gate, taken = threading.Barrier(40), []

    def attempt():
        gate.wait()
        try:
            taken.append(throttle.take(throttle.keys(email="mira@halden.example", address=HERE)))
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(taken), sum(taken)) == (40, LIMIT)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "/\\evil.example",
        "https:evil.example",
        "\t//evil.example",
    ],
)
def test_signing_in_leads_to_no_other_site(person, secret_words, elsewhere, settings):
    settings.LOGIN_REDIRECT_URL = "/"
    form = {"email": person.email, "password": secret_words, "next": elsewhere}

    assert Client().post("/sign-in/", form)["Location"] == "/"


def test_signing_in_leads_to_where_one_wanted_to_go(person, secret_words):
    browser = Client()
    asked = browser.get("/settings/tokens/", follow=True)

    assert 'name="next" value="/settings/tokens/"' in asked.content.decode()
    form = {"email": person.email, "password": secret_words, "next": "/settings/tokens/"}
    assert browser.post("/sign-in/", form)["Location"] == "/settings/tokens/"


@pytest.mark.parametrize("word", ["nonsense", "'\"><script>", "\x00", "overview", "settings/"])
def test_who_is_signed_in_already_is_sent_on_whatever_the_address_asks_for(person, word):
    browser = Client()
    browser.force_login(person)

    assert browser.get("/sign-in/", {"next": word})["Location"] == "/"


def test_errors_stand_beside_their_fields():
    page = Client().post("/sign-in/", {"email": "not an address", "password": ""}).content.decode()

    assert 'id="id_email_error"' in page
    assert 'id="id_password_error"' in page
    assert 'aria-describedby="id_email_error"' in page


def test_the_current_password_is_needed_for_a_new_one(person, secret_words):
    with pytest.raises(Refused) as refusal:
        set_password(user=person, current="wrong", new="three quiet rivers 7")
    assert refusal.value.field == "current"

    set_password(user=person, current=secret_words, new="three quiet rivers 7")
    assert person.check_password("three quiet rivers 7")


@pytest.mark.parametrize("weak", ["short", "password1234", "mira@halden.example"])
def test_a_weak_password_is_refused_beside_its_field(person, secret_words, weak, enter):
    response = enter(person).post("/settings/password/", {"current": secret_words, "new": weak})

    assert response.status_code == 400
    assert 'id="id_new_error"' in response.content.decode()
    person.refresh_from_db()
    assert person.check_password(secret_words)
    assert secret_words not in response.content.decode()
