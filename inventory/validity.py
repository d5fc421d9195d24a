"""Whether a value is still accepted, from what its issuer's own records say: pure, with the reason and its date.

Superseded or disabled in a store alone is not dead: what counts is whoever accepts the value. What no source of ours
can tell is said to be so, and what was not read again in time is not known any more. Words name no place, since
whoever sees the credential reads them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

LAST_ROTATION = "Last rotation"
"""Under which further facts say when a store rotated a secret itself."""


def rotation_number(account: str, rotated_at: datetime) -> str:
    """Return what tells one password of an account that an engine keeps from the next."""
    return f"{rotated_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} {account}"


def account_of(number: str) -> str:
    """Return whose password a version is, by its number; empty where that does not say."""
    return number.partition(" ")[2]


class Verdict(StrEnum):
    """What is known of a value; the words of the model."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN = "unknown"
    CANNOT_CHECK = "cannot_check"


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """One version of a stored secret."""

    number: str
    state: str
    """current, superseded or destroyed."""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """One secret as its source told of it."""

    secret: int
    source_kind: str
    path: str
    kind: str
    seen_at: datetime
    gone_at: datetime | None = None
    """When a complete read found it no more."""
    enabled: bool | None = None
    expires_at: datetime | None = None
    auto_rotated: bool | None = None
    rotation_failed: bool | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    complete_at: datetime | None = None
    """When its account or store was last read to the end."""
    lost: bool = False
    """Its source lists the account or store no more."""

    @property
    def is_whole(self) -> bool:
        """Whether what is known of it was told by a read that came to its end: another proves nothing."""
        return self.complete_at is not None and self.seen_at <= self.complete_at


@dataclass(frozen=True, slots=True)
class Says:
    """What one record of an issuer says of a value."""

    accepted: bool | None
    """None: it does not say, or not well enough."""
    reason: str
    at: datetime | None = None
    secret: int | None = None
    lasts: bool = False
    """It can never be otherwise again: a deleted key does not come back."""


@dataclass(frozen=True, slots=True)
class Word:
    """Whether a value is valid, why, as of when, and until when that holds unless it is read again."""

    verdict: Verdict
    reason: str
    at: datetime | None = None
    secret: int | None = None
    until: datetime | None = None

    @property
    def decides(self) -> bool:
        """Whether it is yes or no."""
        return self.verdict in (Verdict.VALID, Verdict.INVALID)


_ACCESS_KEY = re.compile(r"iam/user/.+/access-key/([A-Z0-9]{16,128})")


def key_id_of(source_kind: str, path: str) -> str:
    """Return the public id by which an issuer's record names an access key; empty for any other secret."""
    found = _ACCESS_KEY.fullmatch(path) if source_kind == "aws" else None
    return found.group(1) if found else ""


def of_access_key(records: Sequence[Kept]) -> Says:
    """Return what all accounts say of one key id: several where a user was renamed, or two sources read an account."""
    present = [each for each in records if each.gone_at is None and not each.lost]
    if present:
        # Whoever renames a user leaves the old name behind as gone.
        return max(
            (_present_key(each) for each in present), key=lambda says: (says.accepted is True, says.at or _NEVER)
        )
    gone = [each for each in records if each.gone_at is not None]
    if gone:
        last = max(gone, key=lambda each: each.gone_at or _NEVER)
        return Says(
            False, "its account has no such access key any more: it was deleted", last.gone_at, last.secret, True
        )
    if records:
        return Says(None, "its account is not read any more")
    return Says(None, "no account that is read has such an access key")


_NEVER = datetime.min.replace(tzinfo=UTC)


def _present_key(key: Kept) -> Says:
    if key.enabled is True:
        return Says(True, "its account says that the access key is active", key.seen_at, key.secret)
    if key.enabled is False and key.is_whole:
        return Says(False, "its account says that the access key is switched off", key.seen_at, key.secret)
    if key.enabled is False:
        reason = "its account says that the access key is switched off, but was not read to the end"
        return Says(None, reason, key.seen_at, key.secret)
    return Says(None, "its account does not say whether the access key is active", key.seen_at, key.secret)


def of_holding(
    kept: Kept, version: VersionFacts, versions: Sequence[VersionFacts], *, standing: bool, private_key: bool
) -> Says | None:
    """Return what an issuer's own record that holds a value says of it; None where the secret is a copy, no record.

    `standing` says whether any current version anywhere holds the value, which no rotation leaves.
    """
    if kept.lost:
        return None
    if kept.source_kind == "kubernetes" and kept.attributes.get("Type") == "kubernetes.io/service-account-token":
        return _service_account_token(kept, version)
    if kept.source_kind == "vault" and kept.path.startswith(("static-creds/", "static-cred/")):
        return _static_role(kept, version, versions, standing=standing)
    if kept.source_kind == "aws" and kept.path.startswith("secretsmanager/") and kept.auto_rotated:
        return _rotated(kept, version, versions, standing=standing)
    if private_key and kept.kind == "certificate" and kept.gone_at is None and version.state == "current":
        return _certificate(kept)
    return None


def _service_account_token(kept: Kept, version: VersionFacts) -> Says:
    """A cluster accepts such a token while the secret that holds it stands, with this value."""
    if kept.gone_at is not None:
        return Says(False, "the cluster has the service account's token no more", kept.gone_at, kept.secret, True)
    if not kept.is_whole and (version.state != "current" or kept.enabled is False):
        return Says(None, "the cluster was not read to the end", kept.seen_at, kept.secret)
    if version.state != "current":
        return Says(False, "the cluster has another token in its place", kept.seen_at, kept.secret, True)
    if kept.enabled is False:
        return Says(False, "the cluster marked the token as invalid", kept.seen_at, kept.secret)
    return Says(True, "the cluster keeps it as a service account's token", kept.seen_at, kept.secret)


def _static_role(kept: Kept, version: VersionFacts, versions: Sequence[VersionFacts], *, standing: bool) -> Says:
    """The engine changes the password at the system that accepts it, and only then keeps the new one."""
    if version.state == "current" and kept.gone_at is None:
        return Says(True, "the engine keeps it as an account's password", kept.seen_at, kept.secret)
    if version.state == "current":
        return Says(None, "the engine keeps the account no more, and left its password as it was", kept.gone_at)
    if standing:
        return Says(None, "the engine changed it, but a current version of another secret holds it still")
    if not kept.is_whole or kept.gone_at is not None:
        return Says(None, "the engine was not read to the end since", kept.seen_at, kept.secret)
    current = next((each for each in versions if each.state == "current"), None)
    if current is None or account_of(current.number) != account_of(version.number):
        return Says(None, "the engine keeps another account by that name, and left the password as it was")
    return Says(False, "the engine changed the account's password", kept.seen_at, kept.secret, True)


def _rotated(kept: Kept, version: VersionFacts, versions: Sequence[VersionFacts], *, standing: bool) -> Says:
    """A rotation by the store sets the value at the system that accepts it.

    Where two accounts take turns, the value before the last one works still, so that two newer versions are asked for,
    and that the store itself rotated last.
    """
    if version.state == "current" or standing:
        return Says(None, "it is the current value of a secret that its store rotates")
    since = version.created_at
    newer = [each.created_at for each in versions if since and each.created_at and each.created_at > since]
    current = next((each.created_at for each in versions if each.state == "current"), None)
    rotated = _instant(kept.attributes.get(LAST_ROTATION))
    done = [at for at in newer if current is not None and at <= current]
    if kept.rotation_failed is not False or not kept.is_whole or kept.gone_at is not None:
        return Says(None, "whether its store's rotation completed is not known")
    if rotated is None or current is None or rotated < current:
        return Says(None, "its store changed the value since, but not by a rotation of its own that completed")
    if len(done) < 2:
        return Says(
            None, "its store rotated it once since; where two accounts take turns, it works until the next time"
        )
    return Says(False, "its store rotated it, and completed that", kept.seen_at, kept.secret, True)


def _certificate(kept: Kept) -> Says:
    """A private key is accepted as long as the certificate for it holds."""
    if kept.expires_at is None or not kept.is_whole:
        return Says(None, "when its certificate ends is not known")
    if kept.expires_at > kept.seen_at:
        return Says(True, "the certificate for it holds", kept.seen_at, kept.secret)
    return Says(False, "the certificate for it has expired", kept.seen_at, kept.secret)


def _instant(told: object) -> datetime | None:
    try:
        return datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of one value."""

    own: tuple[Says, ...] = ()
    """By records of the value itself."""
    beside: tuple[Says, ...] = ()
    """By the records of every key id that stands beside it in the versions of files that brought it."""
    told_apart: bool = True
    """False for a guessable value in places of several teams: what one holds is not told to another (SECURITY W27)."""
    issuer_is_read: bool = False
    """Whether a source is read that keeps such values by name, so that a later read may tell."""
    before: Word | None = None
    """What the inventory said last."""


def judge(known: Known, now: datetime, fresh: timedelta) -> Word:
    """Return whether a value is valid, for pages, severities and the closing of incidents."""
    if not known.told_apart:
        return Word(Verdict.CANNOT_CHECK, "It can be guessed, and stands with several teams, which are not compared.")
    words = [
        combine([_fresh(each, now, fresh) for each in says], fresh)
        for says, combine in ((known.own, _of_own), (known.beside, _of_beside))
        if says
    ]
    for word in words:
        if word.decides:
            return word
    if words:
        return _not_known_since(words[0], known.before)
    if known.issuer_is_read:
        reason = "No account that is read has it, or it stands beside no key id."
        return _not_known_since(Word(Verdict.UNKNOWN, reason), known.before)
    return Word(Verdict.CANNOT_CHECK, "No source that is read says whether it is accepted.")


def _fresh(says: Says, now: datetime, fresh: timedelta) -> Says:
    """Return what a record says; one that may have changed since it was read says nothing any more."""
    if says.accepted is None or says.lasts or (says.at is not None and says.at >= now - fresh):
        return says
    return Says(None, "it was not read again in time", says.at, says.secret)


def _of_own(says: Sequence[Says], fresh: timedelta) -> Word:
    accepting = [each for each in says if each.accepted]
    if accepting:
        return _word(Verdict.VALID, max(accepting, key=lambda each: each.at or _NEVER), fresh)
    if all(each.accepted is False for each in says):
        return _together(Verdict.INVALID, says, fresh)
    return _open(says)


def _of_beside(says: Sequence[Says], fresh: timedelta) -> Word:
    """Judge by the key ids beside a value, of which it is not known which is its own: all of them must agree."""
    if all(each.accepted is False for each in says):
        return _together(Verdict.INVALID, says, fresh, beside=True)
    if all(each.accepted for each in says):
        return _together(Verdict.VALID, says, fresh, beside=True)
    if any(each.accepted for each in says):
        return Word(Verdict.UNKNOWN, "Several key ids stand beside it, and not all of them are dead.")
    return _open(says)


def _open(says: Sequence[Says]) -> Word:
    """Return that it is not known, by the first record that does not say."""
    first = next(each for each in says if each.accepted is None)
    return Word(Verdict.UNKNOWN, _sentence(first.reason), first.at, first.secret)


def _together(verdict: Verdict, says: Sequence[Says], fresh: timedelta, *, beside: bool = False) -> Word:
    """Return what several records agree on, as of the one that was read longest ago."""
    oldest = min(says, key=lambda each: each.at or _NEVER)
    changing = [each.at for each in says if not each.lasts and each.at is not None]
    reason = _sentence(oldest.reason)
    if beside:
        reason = f"By the key id beside it: {oldest.reason}."
    return Word(verdict, reason, oldest.at, oldest.secret, min(changing) + fresh if changing else None)


def _word(verdict: Verdict, says: Says, fresh: timedelta) -> Word:
    until = says.at + fresh if says.at is not None and not says.lasts else None
    return Word(verdict, _sentence(says.reason), says.at, says.secret, until)


def _not_known_since(word: Word, before: Word | None) -> Word:
    """Have what is not known any more say until when it was."""
    if before is None or before.at is None:
        return word
    if before.decides:
        said = "accepted" if before.verdict == Verdict.VALID else "dead"
        return Word(
            word.verdict,
            f"Not known since {before.at:%Y-%m-%d}, when it was {said}: {_lower(word.reason)}",
            before.at,
            word.secret,
        )
    if before.reason.startswith("Not known since"):
        return Word(before.verdict, before.reason, before.at, before.secret)
    return word


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
