"""Makes and collects the demo organisation in the foreground: `demo`."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from posture.demo_vault import running_vault
from posture.first_run import set_up_demo, sign_in_links
from posture.readiness import prepare_data_folder


class Command(BaseCommand):
    help = "Make the demo organisation, collect it with the real collectors, print sign-in links, and exit."
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_data_folder(migrate=True)
        set_up_demo(self.stdout.write)
        with running_vault(self.stdout.write):
            call_command("collect", stdout=self.stdout, stderr=self.stderr)
        for label, link in sign_in_links():
            self.stdout.write(f"{label}: {link}")
