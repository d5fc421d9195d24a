"""Everything that one page says of one stored secret to one viewer, each fact with its evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from inventory.dossier import Fact
from inventory.effective_access import Reader, readers_of
from inventory.models import Credential, Exemption, Exposure, Holding, Principal, Secret, Version
from inventory.seen import tell
from inventory.store_records import Capability
from inventory.templatetags.inventory_display import counted, day, duration
from posture.accounts.models import User
from posture.accounts.opaque import opaque_id
from posture.accounts.visibility import visible

VERSIONS = 20
MOST_VERSIONS = 200
READERS = 25


@dataclass(frozen=True)
class HeldValue:
    """A key of a version with the credential that it holds, as the viewer knows it."""

    key: str
    opaque: str
    credential: Credential
    exposures: int
    """Places outside of stores, among those the viewer sees."""


@dataclass(frozen=True)
class ShownReader:
    """Somebody who can read the secret, and by which rules."""

    principal: Principal | None
    """None: it belongs to a team that the viewer does not see."""
    certain: bool
    capabilities: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass
class SecretPage:
    """One secret as one viewer may know it."""

    user: User
    secret: Secret
    now: datetime = field(default_factory=timezone.now)

    @cached_property
    def versions(self) -> list[Version]:
        """The newest versions, the current one first."""
        order = {state: rank for rank, state in enumerate(Version.State.values)}
        rows = list(self.secret.versions.order_by("-created_at", "-pk")[:MOST_VERSIONS])
        rows.sort(key=lambda row: order[row.state])
        return rows[:VERSIONS]

    @cached_property
    def version_count(self) -> int:
        """How many versions are known."""
        return len(self.versions) if len(self.versions) < VERSIONS else self.secret.versions.count()

    @cached_property
    def held(self) -> dict[int, list[HeldValue]]:
        """What the shown versions hold, by version."""
        holdings = list(Holding.objects.filter(version__in=self.versions).select_related("credential").order_by("key"))
        tell(self.user, [holding.credential for holding in holdings])
        places = self._places({holding.credential_id for holding in holdings})
        held: dict[int, list[HeldValue]] = {}
        for holding in holdings:
            opaque = opaque_id(self.user, "credential", holding.credential_id)
            shown = HeldValue(holding.key, opaque, holding.credential, places.get(holding.credential_id, 0))
            held.setdefault(holding.version_id, []).append(shown)
        return held

    def _places(self, credentials: Iterable[int]) -> dict[int, int]:
        rows = visible(Exposure.objects.present().filter(credential__in=credentials), self.user)
        return dict(rows.order_by().values_list("credential").annotate(Count("pk")))

    @property
    def leaked(self) -> int:
        """How many places outside of stores hold the current value, among those the viewer sees."""
        return sum(
            value.exposures
            for version in self.versions
            if version.state == Version.State.CURRENT
            for value in self.held.get(version.pk, ())
        )

    @cached_property
    def shared(self) -> int:
        """How many other secrets that the viewer sees hold one of its current values."""
        mine = Holding.objects.filter(version__secret=self.secret, version__state=Version.State.CURRENT)
        other = Holding.objects.filter(
            credential__in=mine.values("credential"), version__state=Version.State.CURRENT
        ).exclude(version__secret=self.secret)
        # Asked from the holdings, which are few: naming all secrets that the viewer sees would read every one of them.
        seen = visible(other.filter(version__secret__gone_at=None), self.user)
        return seen.values("version__secret").distinct().count()

    @cached_property
    def access(self) -> list[Reader]:
        """Every identity that can or may read it."""
        return readers_of(self.secret)

    @property
    def access_known(self) -> bool:
        """Whether its store told who may read it."""
        return self.secret.readers is not None or bool(self.access)

    @property
    def access_words(self) -> str:
        """Say how many can read it: "at least" where it is not known whether those are all."""
        if not self.secret.address:
            return "Who has it is not known"
        if not self.access_known:
            return "Who can read it is not known"
        certain = sum(each.allowed.can(Capability.READ) is True for each in self.access)
        words = f"{counted(certain, 'identity|identities')} can read it"
        if self.secret.readers is None:
            words = f"At least {words}"
        more = len(self.access) - certain
        return f"{words}, {more:,} more under a condition" if more else words

    @cached_property
    def readers(self) -> list[ShownReader]:
        """The first readers, those with admin rights first; of other teams' identities only that there are some."""
        ordered = sorted(self.access, key=lambda each: (Capability.ADMIN not in each.allowed.certain, each.principal))
        first = ordered[:READERS]
        rows = visible(Principal.objects.filter(pk__in=[each.principal for each in first]), self.user)
        named = {row.pk: row for row in rows.select_related("team")}
        return [
            ShownReader(
                named.get(each.principal),
                each.allowed.can(Capability.READ) is True,
                tuple(sorted(each.allowed.certain | each.allowed.possible)),
                each.allowed.rules if each.principal in named else (),
            )
            for each in first
        ]

    @cached_property
    def exemptions(self) -> list[Exemption]:
        """What is asked for or in force, the newest first."""
        rows = self.secret.exemptions.filter(Q(ended_at=None)).select_related("asked_by", "approved_by")
        return [row for row in rows.order_by("-asked_at") if row.ends_on >= timezone.localdate()]

    @property
    def facts(self) -> list[Fact]:
        """Four questions: is it fresh, does it change by itself, is it used, is it owned."""
        return [self._fresh(), self._changes(), self._used(), self._owned()]

    def _told(self, field_name: str, otherwise: str) -> str:
        said = self.secret.evidence.get(field_name, otherwise)
        return f"{said[:1].upper()}{said[1:]}, as of {day(self.secret.last_seen_at)}."

    def _fresh(self) -> Fact:
        secret = self.secret
        limit = f"limit {secret.limit_days} days: {secret.limit_reason}" if secret.limit_days else secret.limit_reason
        if secret.exempt_until and secret.exempt_until >= timezone.localdate():
            return Fact("Fresh", "unknown", f"Exempt until {day(secret.exempt_until)}", "Somebody approved why.")
        if secret.ephemeral:
            return Fact("Fresh", "yes", "Ephemeral", self._told("ephemeral", "Its issuer ends it"), "good")
        if secret.is_end_unknown:
            return Fact("Fresh", "unknown", "End not known", self._told("expires_at", "Its store does not tell"))
        since = secret.age_from
        if since is None and secret.expires_at is None:
            return Fact("Fresh", "unknown", "Age not known", self._told("created_at", "Its store does not tell"))
        words = f"{duration((self.now - since).total_seconds())} old" if since else f"until {day(secret.expires_at)}"
        field_name = "rotated_at" if secret.rotated_at else "created_at" if since else "expires_at"
        evidence = f"{self._told(field_name, 'Its store says so')} {limit[:1].upper()}{limit[1:]}."
        if secret.due_at is not None and secret.due_at < self.now:
            return Fact("Fresh", "no", f"{words}, past its limit", evidence, "bad")
        return Fact("Fresh", "yes", words, evidence, "good")

    def _changes(self) -> Fact:
        secret = self.secret
        if secret.rotation_failed:
            return Fact("Rotated", "no", "Rotation failed", self._told("rotation_failed", "Its store says so"), "bad")
        if secret.ephemeral or secret.auto_rotated:
            return Fact("Rotated", "yes", "By itself", self._told("auto_rotated", "Its store changes it"), "good")
        never = secret.rotated_at is None and secret.created_at is not None
        words = "Never, since it was made" if never else "By hand"
        if secret.auto_rotated is None:
            return Fact("Rotated", "unknown", "Not known", self._told("auto_rotated", "Its store does not tell"))
        return Fact("Rotated", "no", words, self._told("auto_rotated", "Nothing changes it by itself"))

    def _used(self) -> Fact:
        at = self.secret.last_used_at
        if at is None:
            return Fact("Used", "unknown", "Not known", self._told("last_used_at", "Its store does not tell uses"))
        return Fact("Used", "yes", f"Last on {day(at)}", self._told("last_used_at", "Its store says so"))

    def _owned(self) -> Fact:
        team: Any = self.secret.team
        if team is None:
            return Fact("Owned", "no", "No", self.secret.owner_reason or "No rule and no asset names a team.", "bad")
        return Fact("Owned", "yes", team.name, self.secret.owner_reason, "good")
