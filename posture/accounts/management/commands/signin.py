"""Makes a one-time sign-in link, and with --role the person."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from posture.accounts.models import User
from posture.accounts.services import Refused, add_person, make_sign_in_link


class Command(BaseCommand):
    help = "Print a link that signs one person in once, within 15 minutes. With --role, make the person when missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", choices=User.Role.values, help="Makes the person with this role when missing.")
        parser.add_argument("--name", default="", help="The name of a person who is made.")

    def handle(self, *args: Any, email: str, role: str | None, name: str, **options: Any) -> None:
        person = User.objects.filter(email=email.strip().lower()).first()
        try:
            if person is None:
                person = self._made(email, role, name)
            elif role is not None and role != person.role:
                self.stderr.write(
                    f"{person.email} is here already as {person.get_role_display()}, and stays that. "
                    "A security engineer changes roles under Settings, People."
                )
            self.stdout.write(make_sign_in_link(user=person))
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal

    def _made(self, email: str, role: str | None, name: str) -> User:
        if role is None:
            raise CommandError(
                f"Nobody here has the e-mail {email!r}. Add --role leader, engineer or member to make them."
            )
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email!r} is not an e-mail address.") from error
        return add_person(email=email, name=name, role=role, by=None)
