"""Everything that one page says of one principal to one viewer: what it may do, by which rule, and what it has used."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from inventory.access_rule import AccessRule, allowed, fits
from inventory.dossier import Fact
from inventory.effective_access import groups_above, rules_by_principal
from inventory.models import Exemption, Grant, Principal, Secret
from inventory.principal_listing import unused_days
from inventory.store_records import Capability, Matching, PrincipalKind
from inventory.templatetags.inventory_display import counted, day, duration
from posture.accounts.models import User
from posture.accounts.visibility import visible

RULES = 50
SECRETS = 25
LOOKED_AT = 5_000
"""Secrets that are tried against the rules for one page; beyond, the number is told as "at least"."""


@dataclass(frozen=True)
class ShownRule:
    """One rule that the principal has, and through which role or group."""

    grant: Grant
    through: str
    """Name of the role or group that carries it; empty: its own."""


@dataclass
class PrincipalPage:
    """One principal as one viewer may know it."""

    user: User
    principal: Principal
    now: datetime = field(default_factory=timezone.now)

    @cached_property
    def groups(self) -> dict[int, str]:
        """The roles, groups and policies that it reaches, by name: those of its own store, which its team may know."""
        return groups_above(self.principal.pk)

    @cached_property
    def grants(self) -> list[Grant]:
        """Every rule that reaches it."""
        holders = [self.principal.pk, *self.groups]
        return list(Grant.objects.present().filter(principal__in=holders).order_by("-admin", "-wildcard", "pk"))

    @property
    def rules(self) -> list[ShownRule]:
        """The first rules, the most powerful first."""
        return [
            ShownRule(grant, "" if grant.principal_id == self.principal.pk else self.groups[grant.principal_id])
            for grant in self.grants[:RULES]
        ]

    @cached_property
    def members(self) -> list[Principal]:
        """Who has it, of those that the viewer sees, where it is a role or a group."""
        rows = visible(Principal.objects.present().filter(links_up__group=self.principal), self.user)
        return list(rows.order_by("name")[:SECRETS])

    @cached_property
    def readable(self) -> list[Secret]:
        """The first secrets that it can read, of those that the viewer sees; found by the prefixes of its rules."""
        rules = [rule for rules in rules_by_principal(self.grants).values() for rule in rules]
        reading = [rule for rule in rules if not rule.deny and {Capability.READ, Capability.ADMIN} & rule.capabilities]
        found: list[Secret] = []
        for secret in self._near(reading):
            if allowed(rules, secret.address).can(Capability.READ) is True:
                found.append(secret)
                if len(found) > SECRETS:
                    break
        return found[:SECRETS]

    def _near(self, rules: list[AccessRule]) -> list[Secret]:
        """Return secrets that one of the rules may mean, by the beginning of their address."""
        if not rules:
            return []
        begins = Q(pk__in=[])
        for prefix in sorted({grant.prefix for grant in self.grants})[:200]:
            begins |= Q(address__startswith=prefix)
        source = self.principal.asset.source_id
        rows = visible(Secret.objects.present().filter(asset__source=source), self.user)
        rows = rows.exclude(address="").filter(begins).select_related("asset").defer("asset__codeowners")
        near = rows.order_by("path", "pk")[:LOOKED_AT]
        return [row for row in near if any(fits(rule.pattern, Matching(rule.matching), row.address) for rule in rules)]

    @cached_property
    def exemptions(self) -> list[Exemption]:
        """What is asked for or in force."""
        rows = self.principal.exemptions.filter(ended_at=None, ends_on__gte=timezone.localdate())
        return list(rows.select_related("asked_by", "approved_by").order_by("-asked_at"))

    @property
    def facts(self) -> list[Fact]:
        """Four questions: is it powerful, is it used, does it use what it has, is it owned."""
        return [self._power(), self._used(), self._needs(), self._owned()]

    def _told(self, field_name: str, otherwise: str) -> str:
        said = self.principal.evidence.get(field_name, otherwise)
        return f"{said[:1].upper()}{said[1:]}, as of {day(self.principal.last_seen_at)}."

    def _power(self) -> Fact:
        if not self.grants:
            return Fact("Powerful", "unknown", "Not known", "No rule that reaches it was told.")
        admin = [grant for grant in self.grants if grant.admin]
        if admin:
            return Fact("Powerful", "yes", "Admin rights", f"By {_words(admin[0])}.", "bad")
        wildcard = [grant for grant in self.grants if grant.wildcard]
        if wildcard:
            return Fact("Powerful", "yes", "Everything of a store", f"By {_words(wildcard[0])}.", "bad")
        rules = f"{counted(len(self.grants), 'rule reaches|rules reach')} it, none for everything"
        if self.principal.admin is None or self.principal.wildcard is None:
            return Fact(
                "Powerful", "unknown", "Not known", f"{rules}; there may be more, since not all rights were told."
            )
        return Fact("Powerful", "no", "Limited", f"{rules}.", "good")

    def _used(self) -> Fact:
        principal = self.principal
        if principal.kind in (PrincipalKind.ROLE, PrincipalKind.GROUP):
            return Fact("Used", "unknown", "By its members", "A role or a group is used through those who have it.")
        at = principal.last_used_at
        if at is None:
            return Fact("Used", "unknown", "Not known", self._told("last_used_at", "Its store does not tell uses"))
        human, machine = unused_days()
        limit = human if principal.kind == PrincipalKind.HUMAN else machine
        idle = (self.now - at).total_seconds()
        words = f"Last {duration(idle)} ago"
        evidence = f"{self._told('last_used_at', 'Its store says so')} Limit {limit} days."
        if idle > limit * 86_400:
            return Fact("Used", "no", f"{words}, dormant", evidence, "bad")
        return Fact("Used", "yes", words, evidence, "good")

    def _needs(self) -> Fact:
        principal = self.principal
        if principal.granted is None or principal.used is None:
            return Fact("Needs its rights", "unknown", "Not known", "Its store does not count the use of rights.")
        unused = principal.granted - principal.used
        words = f"{principal.used} of {principal.granted} used"
        if unused > 0:
            return Fact("Needs its rights", "no", words, self._told("used", "Its store counts"), "bad")
        return Fact("Needs its rights", "yes", words, self._told("used", "Its store counts"), "good")

    def _owned(self) -> Fact:
        team = self.principal.team
        reason = self.principal.owner_reason
        if team is None:
            return Fact("Owned", "no", "No", reason or "No rule and no asset names a team.", "bad")
        return Fact("Owned", "yes", team.name, reason, "good")


def _words(grant: Grant) -> str:
    return grant.rule if len(grant.rule) <= 160 else f"{grant.rule[:159]}…"
