"""Whether one team's part is proved closed, and what is left to prove (SCORING.md, section 2). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Evidence:
    """What reads since the claim say of one team's part of a value; counts of its places and of stores."""

    live: int
    """At the tip of a default branch, or in use outside any history."""
    vanished: int
    """Live when their asset left its source's list: nobody saw them removed."""
    unread: int
    """In assets that were not read to the end since."""
    held: int
    """Current versions of the team's secrets that hold it."""
    held_elsewhere: int
    """Current versions of secrets of others that hold it; 0 for a guessable value, of which that is not told (W27)."""
    values_unread: int
    """Secrets that held it and whose values were not read since."""
    validity: str
    validity_at: datetime | None = None
    validity_reason: str = ""
    history: int = 0
    """Places in history or on other branches, which prove nothing either way."""


@dataclass(frozen=True)
class Verdict:
    """What the evidence comes to."""

    missing: tuple[str, ...]
    """What is left to do or to read, in words for the team."""
    proved: bool
    attestable: bool
    """Everything that can be checked is proved; whether the issuer still accepts it can't be."""
    awaits_reads: bool
    """Only reads are missing: the next may prove it."""
    contradicted: bool
    """Something shows that it is not put right."""
    proof: str = ""
    """The sentence that closes it."""


def judge(found: Evidence) -> Verdict:
    """Return what evidence comes to: all three of gone from live places, out of every current version, and dead."""
    against, unread = _against(found), _unread(found)
    dead, unknowable = found.validity == "invalid", found.validity in {"unknown", "cannot_check"}
    missing = [*against, *unread]
    if found.validity == "check_failed":
        missing.append("The last check whether its issuer still accepts it failed. The next one may tell.")
    attestable = not missing and unknowable
    if not dead and unknowable:
        missing.append(
            "Whether its issuer still accepts it can't be checked. Revoke it there; then somebody vouches for it."
        )
    return Verdict(
        missing=tuple(missing),
        proved=not missing and dead,
        attestable=attestable,
        awaits_reads=bool(unread) and not against and (dead or unknowable),
        contradicted=bool(against),
        proof=_proof(found) if not missing and dead else "",
    )


def _against(found: Evidence) -> list[str]:
    said = []
    if found.live:
        said.append(f"It still stands in {_places(found.live)} in use or at the tip of a default branch.")
    if found.held:
        said.append(f"{_versions(found.held)} of this team's secrets {_hold(found.held)} it: rotate there.")
    if found.held_elsewhere:
        said.append(
            f"{_versions(found.held_elsewhere)} of secrets of other teams {_hold(found.held_elsewhere)} it still."
        )
    if found.validity == "valid":
        on = f", as of {found.validity_at:%-d %B %Y}" if found.validity_at else ""
        said.append(f"Its issuer still accepts it{on}: revoke it there.")
    return said


def _unread(found: Evidence) -> list[str]:
    said = []
    if found.vanished:
        said.append(
            f"{_places(found.vanished).capitalize()} left the list of its source before anybody saw it removed."
        )
    if found.unread:
        said.append(f"{_places(found.unread).capitalize()} has to be read once more, to the end.")
    if found.values_unread:
        number = found.values_unread
        said.append(
            f"The values of {number} secret{'' if number == 1 else 's'} that held it have to be read once more."
        )
    return said


def _proof(found: Evidence) -> str:
    history = f" {_places(found.history).capitalize()} in history still shows it, dead." if found.history else ""
    said = "It stands in no live place and in no current version, and it is dead."
    return f"{said} {found.validity_reason}{history}".strip()


def _places(number: int) -> str:
    return f"{number} place{'' if number == 1 else 's'}"


def _versions(number: int) -> str:
    return f"{number} current version{'' if number == 1 else 's'}"


def _hold(number: int) -> str:
    return "holds" if number == 1 else "hold"
