"""What a service says of its act; checked and cleaned before it becomes an event."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from posture.audit.chain import facts_text
from posture.audit.errors import EntryRefused

JSON = str | int | float | bool | None | Sequence["JSON"] | Mapping[str, "JSON"]

STATE_LENGTH = 500
REASON_LENGTH = 4000
FACTS_LENGTH = 16_000
_WORD = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)*")
# Control characters but for the line feed, what turns the direction of text, and halves of surrogate pairs.
_ODD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Entry:
    """One act: `incident.claimed` of an `incident`, from one state to another, why, and safe facts such as ids."""

    verb: str
    subject: str
    subject_id: int
    team_id: int | None = None
    before: str = ""
    after: str = ""
    reason: str = ""
    data: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """An entry in the form in which it is stored."""

    verb: str
    subject: str
    subject_id: int
    team_id: int | None
    before: str
    after: str
    reason: str
    facts: str


def check(entry: Entry) -> Checked:
    """Return the entry cleaned of what no page or log should meet.

    Raises:
        EntryRefused: a part is too long, no word or no JSON.
    """
    for name, word in (("verb", entry.verb), ("subject", entry.subject)):
        if len(word) > 64 or not _WORD.fullmatch(word):
            raise EntryRefused(f"The {name} of an event is a word of up to 64 small letters, such as incident.claimed.")
    return Checked(
        verb=entry.verb,
        subject=entry.subject,
        subject_id=_number("subject_id", entry.subject_id),
        team_id=None if entry.team_id is None else _number("team_id", entry.team_id),
        before=_cleaned("before", entry.before, STATE_LENGTH).replace("\n", " "),
        after=_cleaned("after", entry.after, STATE_LENGTH).replace("\n", " "),
        reason=_cleaned("reason", entry.reason, REASON_LENGTH),
        facts=_facts(entry.data),
    )


def _number(name: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise EntryRefused(f"The {name} of an event is the id of a row.")
    return value


def _cleaned(name: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise EntryRefused(f"The {name} is longer than {longest:,} characters. Say it shorter.")
    return _ODD.sub("\ufffd", text.replace("\r\n", "\n"))


def _facts(data: Mapping[str, JSON]) -> str:
    try:
        text = facts_text(data)
    except (TypeError, ValueError, RecursionError) as error:
        raise EntryRefused("The data of an event must be JSON: texts, finite numbers, lists and mappings.") from error
    if len(text) > FACTS_LENGTH:
        raise EntryRefused(f"The data of an event is longer than {FACTS_LENGTH:,} characters as JSON. Keep ids only.")
    return text
