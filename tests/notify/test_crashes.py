"""J20: a worker that is killed at any point of a sending loses nothing, and what it may have sent twice shows it."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from posture.notify.delivery import send_due
from posture.notify.models import Delivery
from posture.notify.services import tell
from tests.factories import UserFactory
from tests.services.fault_server import Reply, fault_server
from tests.services.mail import mail_server
from tests.services.process import wait_until
from tests.services.worker import database_environment

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
SENDS = "import django; django.setup(); from posture.notify.delivery import send_due; send_due()"


class Sender:
    """A real process that empties the outbox, and is killed when the other side has what it sent."""

    def __init__(self, folder, **environment):
        self.environment = os.environ | database_environment(folder) | environment
        self.environment["DJANGO_SETTINGS_MODULE"] = "posture.settings"
        self.process = None

    def run(self):
        self.process = subprocess.Popen([sys.executable, "-c", SENDS], cwd=ROOT, env=self.environment)
        return self.process.wait(60)

    def kill(self):
        wait_until(lambda: self.process, 10, "the process")
        os.kill(self.process.pid, signal.SIGKILL)


def worker_is_given_up():
    Delivery.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))


def test_j20_killed_between_send_and_mark_a_mail_comes_again_once_with_the_same_id(message, tmp_path, settings):
    tell(message(), people=[UserFactory().pk])

    with mail_server() as server:
        settings.SMTP_URL = server.url
        sender = Sender(tmp_path / "data", POSTURE_SMTP_URL=server.url)
        server.on_data = sender.kill
        assert sender.run() == -signal.SIGKILL
        left = Delivery.objects.get()
        assert send_due() == 0, "it is sent while its worker may still be alive"
        worker_is_given_up()
        server.on_data = lambda: None
        assert send_due() == 1

    row = Delivery.objects.get()
    assert (left.state, left.handed_over_at is not None) == ("sending", True)
    assert (row.state, row.attempts, row.doubts) == ("sent", 2, 1)
    assert row.doubted_at == left.handed_over_at
    assert [mail["Message-ID"] for mail in server.mails] == [f"<{row.delivery_id}@localhost>"] * 2


def test_j20_killed_twice_a_mail_is_not_sent_a_third_time_and_says_so(message, tmp_path, settings):
    tell(message(), people=[UserFactory().pk])

    with mail_server() as server:
        settings.SMTP_URL = server.url
        for _ in range(2):
            sender = Sender(tmp_path / "data", POSTURE_SMTP_URL=server.url)
            server.on_data = sender.kill
            assert sender.run() == -signal.SIGKILL
            worker_is_given_up()
        assert send_due() == 0

    row = Delivery.objects.get()
    assert (row.state, len(server.mails)) == ("failed", 2)
    assert row.error.startswith("It may have been sent")


def test_j20_killed_while_a_webhook_is_told_it_is_told_again_with_the_same_id(message, tmp_path, settings):
    settings.INTERNAL_HOSTS, settings.CREDENTIAL_DIR = ("127.0.0.1/32",), tmp_path
    hooks = tmp_path / "webhooks.toml"
    hooks.write_text('[chat]\nformat = "slack"\nurl = "file:chat"\n')
    settings.WEBHOOKS_PATH = str(hooks)
    sender = Sender(
        tmp_path / "data",
        POSTURE_WEBHOOKS_PATH=str(hooks),
        POSTURE_CREDENTIAL_DIR=str(tmp_path),
        POSTURE_INTERNAL_HOSTS="127.0.0.1/32",
    )

    def kill(asked):
        sender.kill()
        return Reply()

    with fault_server(kill) as server:
        (tmp_path / "chat").write_text(server.url("/hook"))
        tell(message(), people=[])
        assert sender.run() == -signal.SIGKILL
        worker_is_given_up()
        server.answer = lambda asked: Reply()
        assert send_due() == 1

    row = Delivery.objects.get()
    assert (row.state, row.doubts) == ("sent", 1)
    assert server.told("X-Posture-Delivery") == [str(row.delivery_id)] * 2
