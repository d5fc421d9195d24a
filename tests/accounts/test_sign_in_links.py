import logging
import threading
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from posture.accounts.links_in_logs import LinkFilter
from posture.accounts.models import SignInLink, digest
from posture.accounts.services import (
    Refused,
    consume_sign_in_link,
    disable_person,
    invite,
    make_sign_in_link,
    open_sign_in_link,
    sign_in,
)
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def token_of(link):
    return link.rstrip("/").rsplit("/", 1)[-1]


def path_of(link, settings):
    return link.removeprefix(settings.ORIGIN)


def test_a_link_signs_its_person_in_once(settings):
    person = UserFactory()
    link = make_sign_in_link(user=person)

    assert consume_sign_in_link(token=token_of(link)) == person
    with pytest.raises(Refused, match="Ask a security engineer"):
        consume_sign_in_link(token=token_of(link))


def test_w22_only_the_hash_of_a_link_is_kept():
    token = token_of(make_sign_in_link(user=UserFactory()))

    row = SignInLink.objects.get()

    assert row.digest == digest(token)
    assert token not in str(row.__dict__)


@pytest.mark.parametrize(("purpose", "minutes"), [("sign-in", 15), ("invitation", 7 * 24 * 60)])
def test_w22_a_link_ends_by_itself(purpose, minutes):
    person = UserFactory()
    token = token_of(make_sign_in_link(user=person, purpose=purpose))
    row = SignInLink.objects.get()

    assert abs(row.expires_at - timezone.now() - timedelta(minutes=minutes)) < timedelta(minutes=1)
    SignInLink.objects.update(expires_at=timezone.now())
    with pytest.raises(Refused):
        consume_sign_in_link(token=token)


def test_a_newer_link_replaces_the_older():
    person = UserFactory()
    older, newer = (token_of(make_sign_in_link(user=person)) for _ in range(2))

    with pytest.raises(Refused):
        consume_sign_in_link(token=older)
    assert consume_sign_in_link(token=newer) == person


def test_w20_a_link_of_a_disabled_person_is_dead(engineer):
    person = UserFactory()
    token = token_of(make_sign_in_link(user=person))

    disable_person(user=person, by=engineer)

    with pytest.raises(Refused):
        consume_sign_in_link(token=token)
    with pytest.raises(Refused, match="disabled"):
        make_sign_in_link(user=person)


def test_w22_looking_at_a_link_does_not_use_it_up(settings):
    link = path_of(make_sign_in_link(user=UserFactory(name="Mira")), settings)
    scanner, browser = Client(), Client()

    for _ in range(3):
        assert scanner.get(link).status_code == 200
        assert scanner.head(link).status_code == 200
    assert "_auth_user_id" not in scanner.session

    assert "Sign in as Mira" in browser.get(link).content.decode()
    assert browser.post(link).status_code == 302
    assert "_auth_user_id" in browser.session


@pytest.mark.parametrize("method", ["get", "post"])
def test_w22_a_used_link_leads_to_a_page_that_says_what_to_do(settings, method):
    link = path_of(make_sign_in_link(user=UserFactory()), settings)
    Client().post(link)

    response = getattr(Client(), method)(link)

    assert response.status_code == 410
    assert "Ask a security engineer" in response.content.decode()


def test_w17_links_begin_with_the_configured_origin_whatever_the_host_header_says(settings, enter, engineer):
    settings.ORIGIN = "https://posture.halden.example"
    settings.ALLOWED_HOSTS = ["*"]
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}

    response = enter(engineer, headers=headers).post(
        "/settings/people/invite/",
        {"email": "new@halden.example", "name": "New", "role": "member", "team_role": "developer"},
    )

    assert 'value="https://posture.halden.example/sign-in/' in response.content.decode()
    assert "evil.example" not in response.content.decode()


def test_w17_one_address_is_invited_however_many_are_sent(enter, engineer):
    form = {"email": ["a@halden.example", "b@halden.example"], "email[]": "c@halden.example", "name": "New"}

    enter(engineer).post("/settings/people/invite/", form | {"role": "member", "team_role": "developer"})

    assert list(SignInLink.objects.values_list("user__email", flat=True)) == ["b@halden.example"]


def test_w22_the_token_reaches_no_log_line(settings, caplog):
    token = token_of(make_sign_in_link(user=UserFactory()))
    strict = Client(enforce_csrf_checks=True)

    with caplog.at_level(logging.DEBUG):
        strict.post(f"/sign-in/{token}/")
        strict.delete(f"/sign-in/{token}/")
        strict.get(f"/sign-in/{token}/missing/")
        logging.getLogger("gunicorn.access").warning("%(r)s", {"r": f"GET /sign-in/{token}/ HTTP/1.1"})
        logging.getLogger("django.server").warning('"%s"', f"GET /sign-in/{token}/ HTTP/1.1")

    assert len(caplog.records) >= 5
    assert token not in caplog.text
    assert "/sign-in/…" in caplog.text


def test_w22_the_token_is_not_sent_on_as_the_referrer(settings):
    response = Client().get(path_of(make_sign_in_link(user=UserFactory()), settings))

    assert response["Referrer-Policy"] == "strict-origin"
    assert "no-store" in response["Cache-Control"]


def test_the_log_filter_leaves_other_lines_alone():
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Not Found: %s", ("/sign-in/",), None)

    assert LinkFilter().filter(record)
    assert record.getMessage() == "Not Found: /sign-in/"


@pytest.mark.django_db(transaction=True)
def test_w22_of_twenty_uses_at_once_exactly_one_signs_in(settings, monkeypatch):
    path = path_of(make_sign_in_link(user=UserFactory()), settings)
    gate, answers = threading.Barrier(20), []

    def look_together(token):
        # All twenty have seen an unused link before the first of them uses it.
        found = open_sign_in_link(token)
        gate.wait(timeout=60)
        return found

    monkeypatch.setattr(sign_in, "open_sign_in_link", look_together)

    def use():
        try:
            answers.append(Client().post(path).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302, *[410] * 19]
    assert Session.objects.count() == 1


def test_an_invited_person_gets_in_and_can_set_a_password(settings, engineer, team):
    link = invite(email="New@Halden.example", name="New", team=team, team_role="lead", by=engineer)
    browser = Client()

    browser.post(path_of(link, settings))
    response = browser.post("/settings/password/", {"current": "", "new": "three quiet rivers 7"}, follow=False)

    assert response.status_code == 302
    assert (
        Client().post("/sign-in/", {"email": "new@halden.example", "password": "three quiet rivers 7"}).status_code
        == 302
    )
    assert team.memberships.get().role == "lead"


def test_the_command_prints_a_link_that_works_and_nothing_else(settings, capsys):
    person = UserFactory(email="mira@halden.example")

    call_command("signin", "Mira@halden.example")

    link = capsys.readouterr().out
    assert link.startswith(settings.ORIGIN + "/sign-in/")
    assert consume_sign_in_link(token=token_of(link.strip())) == person
