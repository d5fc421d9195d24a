"""J20: what is in the outbox reaches a real SMTP server and a real web server, whatever these do."""

import hashlib
import hmac
import json
import ssl
from datetime import timedelta

import pytest
from django.utils import timezone

from posture.notify import delivery
from posture.notify.channels import hook, smtp
from posture.notify.delivery import KEPT_WAITING, forget_old, send_due
from posture.notify.kinds import register_kind
from posture.notify.models import ATTEMPTS, Delivery
from posture.notify.services import tell
from tests.factories import UserFactory
from tests.services.certificates import Authority
from tests.services.fault_server import Reply, fault_server
from tests.services.mail import mail_server
from tests.services.process import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(settings):
    """A real SMTP server that the settings name."""
    with mail_server() as server:
        settings.SMTP_URL = server.url
        yield server


@pytest.fixture
def told(message):
    """Tell somebody and return the row."""

    def tell_one(**given):
        person = UserFactory()
        tell(message(**given), people=[person.pk], webhooks=False)
        return Delivery.objects.get(person=person)

    return tell_one


def serving(authority):
    """Return what a server with a certificate of this authority speaks TLS by."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.issue(["127.0.0.1"]))
    return context


def again(row):
    """Return the row as it is now."""
    return Delivery.objects.get(pk=row.pk)


def let_it_be_due(row):
    Delivery.objects.filter(pk=row.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def test_a_message_arrives_once_with_its_headers(mail, told, settings):
    settings.ORIGIN = "https://posture.halden.example"
    row = told()

    assert send_due() == 1
    assert send_due() == 0

    (got,) = mail.mails
    assert mail.recipients == [row.person.email]
    assert got["Subject"] == "A thing was opened"
    assert got["Message-ID"] == f"<{row.delivery_id}@localhost>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["List-Unsubscribe"] == "<https://posture.halden.example/settings/notifications/>"
    text, html = (part.get_content() for part in got.iter_parts())
    for body in (text, html):
        assert "Rotate it by Friday." in body
        assert "https://posture.halden.example/things/1/" in body
    assert (again(row).state, again(row).attempts) == ("sent", 1)


def test_d6_no_text_becomes_a_header_or_markup(mail, told):
    told(subject="Hi\r\nBcc: all@halden.example\r\n\r\n<script>x</script>", lines=("<img src=x> & more",))

    send_due()

    (got,) = mail.mails
    assert got["Bcc"] is None
    assert got["Subject"] == "Hi Bcc: all@halden.example <script>x</script>"
    text, html = (part.get_content() for part in got.iter_parts())
    assert "<img src=x> & more" in text
    assert "<img" not in html
    assert "<script>" not in html


def test_many_mails_share_one_connection(mail, told):
    for number in range(4):
        told(key=f"thing:{number}")

    assert send_due() == 4
    assert mail.connections == 1


def test_without_a_mail_server_mail_waits_and_nothing_is_counted(told):
    row = told()

    assert send_due() == 0
    assert (again(row).state, again(row).attempts) == ("waiting", 0)


def test_what_waited_for_a_week_is_given_up_with_the_reason(told):
    row = told()
    Delivery.objects.update(due_at=timezone.now() - KEPT_WAITING - timedelta(minutes=1))

    send_due()

    assert again(row).state == "failed"
    assert "7 days" in again(row).error


def test_j20_a_server_that_is_down_costs_one_attempt_of_one_message_a_round(settings, told):
    settings.SMTP_URL = f"smtp://127.0.0.1:{free_port()}"
    rows = [told(), told(), told()]

    assert send_due() == 0

    assert [again(row).attempts for row in rows] == [1, 0, 0]
    first = again(rows[0])
    assert (first.state, first.doubts) == ("waiting", 0)
    assert "POSTURE_SMTP_URL" in first.error
    assert first.due_at > timezone.now() + timedelta(seconds=20)


def test_j20_a_mail_that_is_refused_for_now_is_sent_later(mail, told):
    row = told()
    mail.at_data = "451 4.3.0 Try later"
    send_due()
    assert (again(row).state, again(row).error) == ("waiting", "The mail server did not take the mail (451 4.3.0).")

    mail.at_data = ""
    let_it_be_due(row)

    assert send_due() == 1
    assert (again(row).state, again(row).error, len(mail.mails)) == ("sent", "", 1)


def test_j20_an_address_that_is_refused_for_good_fails_at_once_without_the_servers_words(mail, told):
    row = told()
    mail.at_rcpt = "550 5.1.1 <nobody@halden.example> is not here"

    send_due()

    assert again(row).state == "failed"
    assert again(row).error.startswith("The mail server takes no mail for this address (550 5.1.1).")
    assert "nobody" not in again(row).error


def test_j20_after_its_last_attempt_a_message_failed_with_the_reason(mail, told):
    row = told()
    mail.at_data = "451 4.3.0 Try later"
    for _ in range(ATTEMPTS + 1):
        let_it_be_due(row)
        send_due()

    assert (again(row).state, again(row).attempts) == ("failed", ATTEMPTS)


def test_j20_silence_after_the_mail_was_handed_over_is_resent_once_with_the_same_id(mail, told, monkeypatch):
    monkeypatch.setattr(smtp, "SECONDS", 0.3)
    row = told()
    mail.silent_for = 1.5

    send_due()
    in_doubt = again(row)
    for _ in range(3):
        let_it_be_due(row)
        send_due()

    assert (in_doubt.state, in_doubt.doubts) == ("waiting", 1)
    assert in_doubt.doubted_at is not None
    assert again(row).state == "failed"
    assert again(row).error.startswith("It may have been sent")
    assert [got["Message-ID"] for got in mail.mails] == [f"<{row.delivery_id}@localhost>"] * 2


def test_a_worker_whose_lease_ran_out_writes_nothing_over_the_next_ones_outcome(told, caplog):
    row = told()
    first = Delivery.objects.claim(row.pk)
    assert Delivery.objects.claim(row.pk) is None
    Delivery.objects.filter(pk=row.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    second = Delivery.objects.claim(row.pk)

    assert not delivery._hand_over(first)
    delivery._settle(first, state="sent")
    in_between = again(row).state
    delivery._settle(second, state="sent")

    assert (in_between, again(row).state) == ("sending", "sent")
    assert "took longer than its lease" in caplog.text


def test_somebody_who_was_disabled_or_may_no_longer_see_it_is_not_told(mail, told):
    register_kind("test.hidden", "things one may see", still_concerns=lambda person, key: key != "thing:hidden")
    hidden, seen, disabled = told(kind="test.hidden", key="thing:hidden"), told(kind="test.hidden"), told()
    disabled.person.is_active = False
    disabled.person.save()

    assert send_due() == 1
    assert [again(row).state for row in (hidden, seen, disabled)] == ["dropped", "sent", "dropped"]


def test_w26_the_credential_signs_in_over_tls_and_is_in_no_log(told, settings, tmp_path, caplog, monkeypatch):
    authority = Authority(tmp_path)
    settings.CA_FILE = str(authority.file)
    password = f"p-{hash(tmp_path)}:with-colon"
    monkeypatch.setenv("POSTURE_CREDENTIAL_SMTP", f"posture:{password}")
    settings.SMTP_CREDENTIAL = "env:POSTURE_CREDENTIAL_SMTP"
    row = told()

    with mail_server(starttls=serving(authority)) as server:
        settings.SMTP_URL = server.url
        server.takes_logins = False
        send_due()
        assert "credential (535" in again(row).error
        server.takes_logins = True
        let_it_be_due(row)
        assert send_due() == 1

    assert server.logins[-1] == ("posture", password)
    assert password not in caplog.text
    assert password not in str(Delivery.objects.values().get())


def test_a_server_with_a_certificate_of_nobody_gets_no_credential(told, settings, tmp_path):
    row = told()

    with mail_server(tls=serving(Authority(tmp_path))) as server:
        settings.SMTP_URL = server.url
        send_due()

    assert server.connections == 0
    assert "POSTURE_CA_FILE" in again(row).error


def test_what_ended_long_ago_is_forgotten_and_what_waits_is_not(told, mail):
    sent = told()
    send_due()
    waiting = told()
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=401))

    forget_old()

    assert list(Delivery.objects.all()) == [waiting]
    assert sent != waiting


# Webhooks


@pytest.fixture
def receiver(settings, tmp_path):
    """A real web server, and webhooks of both formats that lead to it."""
    settings.CREDENTIAL_DIR = tmp_path
    settings.INTERNAL_HOSTS = ("127.0.0.1/32",)
    with fault_server(lambda asked: Reply()) as server:
        (tmp_path / "chat_url").write_text(server.url("/chat/path-that-is-a-secret"))
        (tmp_path / "siem_url").write_text(server.url("/siem"))
        (tmp_path / "siem_key").write_text("k" * 32)
        path = tmp_path / "webhooks.toml"
        path.write_text(
            '[chat]\nformat = "slack"\nurl = "file:chat_url"\nkinds = ["test.*"]\n'
            '[siem]\nformat = "signed"\nurl = "file:siem_url"\nkey = "file:siem_key"\nkinds = ["other.kind"]\n'
        )
        settings.WEBHOOKS_PATH = str(path)
        yield server


def tell_siem(message):
    register_kind("other.kind", "others")
    tell(message(kind="other.kind"), people=[])
    return Delivery.objects.get(webhook="siem")


def test_each_webhook_is_told_once_of_its_kinds_only(receiver, message, mail):
    assert tell(message(), people=[UserFactory().pk]) == 2
    assert tell(message(), people=[]) == 0
    assert tell(message(key="quiet"), people=[], webhooks=False) == 0

    assert send_due() == 2

    (asked,) = receiver.asked
    assert asked.path == "/chat/path-that-is-a-secret"


def test_slack_text_calls_nobody_and_links_only_to_the_product(receiver, message, settings):
    settings.ORIGIN = "https://posture.halden.example"
    tell(message(subject="<!channel> @all & <https://evil.example|x>"), people=[])

    send_due()

    text = json.loads(receiver.asked[0].body)["text"]
    assert text.startswith("*&lt;!channel&gt; @\u200ball &amp; &lt;https://evil.example\u2223x&gt;*")
    assert "<https://posture.halden.example/things/1/|Open in Secrets Posture>" in text


def test_a_signed_message_verifies_as_the_readme_shows_and_a_changed_one_does_not(receiver, message):
    row = tell_siem(message)

    assert send_due() == 1

    (asked,) = receiver.asked
    said = asked.headers["X-Posture-Timestamp"].encode() + b"." + asked.body
    assert asked.headers["X-Posture-Signature"] == "v1=" + hmac.new(b"k" * 32, said, hashlib.sha256).hexdigest()
    assert asked.headers["X-Posture-Delivery"] == str(row.delivery_id) == json.loads(asked.body)["delivery"]
    assert json.loads(asked.body)["lines"] == row.lines


@pytest.mark.parametrize(
    ("status", "state", "words"),
    [
        (500, "waiting", "status 500"),
        (404, "waiting", "status 404"),
        (429, "waiting", "busy"),
        (400, "failed", "status 400"),
        (302, "waiting", "redirect"),
    ],
)
def test_j20_an_answer_that_is_no_yes_is_told_and_tried_again_unless_it_is_for_good(
    receiver, message, status, state, words
):
    receiver.answer = lambda asked: Reply(status=status, headers={"Location": receiver.url("/elsewhere")})
    row = tell_siem(message)

    send_due()

    assert again(row).state == state
    assert words in again(row).error
    assert len(receiver.asked) == 1, "a redirect is followed"


def test_j20_a_receiver_that_never_answers_is_asked_again_with_the_same_id(receiver, message, monkeypatch):
    monkeypatch.setattr(hook, "SECONDS", 0.3)
    row = tell_siem(message)
    receiver.fault = "silence"
    for _ in range(3):
        send_due()
        let_it_be_due(row)
    doubts = again(row).doubts
    receiver.fault = ""

    assert send_due() == 1
    assert doubts == 3
    assert receiver.told("X-Posture-Delivery") == [str(row.delivery_id)] * 4


def test_w11_a_webhook_reaches_nothing_inside_that_the_server_does_not_name(receiver, message, settings):
    settings.INTERNAL_HOSTS = ()
    row = tell_siem(message)

    send_due()

    assert receiver.connections == 0
    assert "POSTURE_INTERNAL_HOSTS" in again(row).error


def test_w26_neither_address_nor_key_of_a_webhook_is_in_a_row_or_a_log(receiver, message, caplog):
    receiver.answer = lambda asked: Reply(status=500, body=b"kkkkkkkk path-that-is-a-secret")
    tell(message(), people=[])
    tell_siem(message)

    send_due()

    kept = str(list(Delivery.objects.values())) + caplog.text
    assert "path-that-is-a-secret" not in kept
    assert "kkkkkkkk" not in kept


def test_a_webhook_that_was_taken_out_of_the_file_fails_with_the_reason(receiver, message, settings):
    row = tell_siem(message)
    settings.WEBHOOKS_PATH = ""

    send_due()

    assert again(row).state == "failed"
    assert "no longer has a webhook" in again(row).error
