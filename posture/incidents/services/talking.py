"""Comments with mentions, and watching."""

from __future__ import annotations

import re

from django.db import transaction
from django.urls import reverse

from inventory.free_text import refuse_values
from posture.accounts.models import User
from posture.accounts.visibility import visible
from posture.audit.services import Entry, record
from posture.incidents.models import Comment, Part, Watch
from posture.incidents.services.parts import SUBJECT
from posture.incidents.titles import titles
from posture.notify.services import Message, tell

LONGEST = 5000
_NAMED = re.compile(r"(?:\A|(?<=[\s(]))@([\w.+-]+@[\w.-]+\w|[\w.+-]+\w)")
MOST_NAMED = 20


class Unsaid(ValueError):
    """A comment that can't be kept; the words say why."""


def comment(part: Part, *, author: User, text: str) -> Comment:
    """Keep a comment and tell those who are named and those who watch, as far as they may see the part.

    People are named by `@` and their mail address, or what stands before its `@`. Whoever may not see the part is not
    told, and nobody learns whether there is such a person.

    Raises:
        Unsaid: it is empty or too long.
        HoldsValue: it looks as if it held a secret value.
    """
    said = text.replace("\x00", "").strip()
    if not said or len(said) > LONGEST:
        raise Unsaid(f"Write something, up to {LONGEST:,} characters.")
    refuse_values(said)
    with transaction.atomic():
        made = Comment.objects.create(part=part, author=author, text=said)
        Watch.objects.bulk_create([Watch(part=part, user=author)], ignore_conflicts=True)
        named = {person.pk for person in _named(said) if _sees(person, part)} - {author.pk}
        watching = Watch.objects.filter(part=part, user__is_active=True).select_related("user")
        others = {watch.user_id for watch in watching if _sees(watch.user, part)} - named - {author.pk}
        for kind, people in (("incident.mention", named), ("incident.comment", others)):
            if people:
                tell(_message(part, made, author, kind), people=people, webhooks=False)
        told = {"comment": made.pk}
        record(
            Entry("incident.comment", SUBJECT, part.pk, part.team_id, part.state, part.state, data=told), actor=author
        )
    return made


def set_watch(part: Part, *, user: User, on: bool) -> None:
    """Have a person told of what happens to a part, or no longer."""
    if on:
        Watch.objects.bulk_create([Watch(part=part, user=user)], ignore_conflicts=True)
    else:
        Watch.objects.filter(part=part, user=user).delete()


def _named(text: str) -> list[User]:
    names = [name.lower() for name in _NAMED.findall(text)[:MOST_NAMED]]
    full = [name for name in names if "@" in name]
    found = list(User.objects.active().filter(email__in=full)) if full else []
    for name in {each for each in names if "@" not in each}:
        # Of two people of one name at two domains nobody is meant for sure.
        alike = list(User.objects.active().filter(email__startswith=f"{name}@")[:2])
        found += alike if len(alike) == 1 else []
    return found


def _sees(person: User, part: Part) -> bool:
    return visible(Part.objects.filter(pk=part.pk), person).exists()


def _message(part: Part, made: Comment, author: User, kind: str) -> Message:
    named = titles([part])[part.pk]
    what = "names you" if kind == "incident.mention" else "commented"
    return Message(
        kind=kind,
        key=f"part:{part.pk}:comment:{made.pk}",
        subject=f"{author.name} {what}: {named}",
        lines=tuple(made.text.splitlines()),
        url=f"{reverse('incidents:part', args=[part.pk])}#comment-{made.pk}",
    )
