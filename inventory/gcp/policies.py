"""Who may do what with the secrets of a project: by its own policy, by those above it, and by those of secrets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from inventory.collector import GrantRecord, Record, SkipRecord
from inventory.gcp.answer import entries, part
from inventory.gcp.bindings import ANYONE, Binding, bindings_of
from inventory.gcp.failures import Refused
from inventory.gcp.members import is_gone, member_id, member_records
from inventory.gcp.reading import Reading
from inventory.gcp.roles import Roles
from inventory.store_records import Capability, Matching

ABOVE = "rights from folders and the organisation"
_VERSION = {"options": {"requestedPolicyVersion": 3}}
"""Without it conditions are left out of the answer (Google, "Specify a policy version")."""


@dataclass
class Policies:
    """The policies that bear on one project; every principal is told once, before its first grant."""

    reading: Reading
    told: set[str] = field(default_factory=set)
    above_was_read: bool = False
    _roles: Roles | None = None

    @property
    def roles(self) -> Roles:
        """Return the roles that policies name."""
        if self._roles is None:
            self._roles = Roles(self.reading.client)
        return self._roles

    def project(self) -> Iterator[Record]:
        """Yield what the project's own policy gives.

        Raises:
            Refused: it may not be read.
        """
        name = self.reading.project
        policy = self.reading.client.ask(
            "cloudresourcemanager",
            f"v1/projects/{name}:getIamPolicy",
            "resourcemanager.projects.getIamPolicy",
            body=_VERSION,
        )
        yield from self._given(policy, f"project {name}", f"projects/{name}/*", Matching.GLOB)

    def above(self, *, read_before: bool) -> Iterator[Record]:
        """Yield what the policies of folders and the organisation give for the project too.

        Where they may not be read, nothing that was known of them is taken for gone.
        """
        name, client = self.reading.project, self.reading.client
        try:
            told = client.ask(
                "cloudresourcemanager", f"v1/projects/{name}:getAncestry", "resourcemanager.projects.get", body={}
            )
        except Refused as refused:
            yield SkipRecord(refused.why, ABOVE, partial=read_before)
            return
        for each in entries(told, "ancestor"):
            kind, number = (str(part(each, "resourceId").get(name) or "") for name in ("type", "id"))
            if kind not in ("folder", "organization") or not number.isdigit():
                continue
            right = f"resourcemanager.{kind}s.getIamPolicy"
            try:
                policy = client.ask("cloudresourcemanager", f"v3/{kind}s/{number}:getIamPolicy", right, body=_VERSION)
            except Refused as refused:
                yield SkipRecord(f"{refused.why} on the {kind} {number}", ABOVE, partial=read_before)
                continue
            self.above_was_read = True
            yield from self._given(policy, f"{kind} {number}", f"projects/{name}/*", Matching.GLOB)

    def secret(self, policy: Any, address: str) -> Iterator[Record]:
        """Yield what the policy of one secret gives."""
        yield from self._given(policy, "secret", address, Matching.EXACT)

    def left_out(self) -> Iterator[SkipRecord]:
        """Yield why roles are not known."""
        for why, count in self.roles.refused.items():
            yield SkipRecord(why, "what roles allow", count, partial=False)

    def _given(self, policy: Any, where: str, pattern: str, matching: Matching) -> Iterator[Record]:
        for binding in bindings_of(policy):
            self.reading.alive()
            role = self.roles.role(binding.role)
            above = matching is Matching.GLOB
            capabilities, condition = role.capabilities(above=above), binding.condition
            if role.why:
                # Not known is not nothing: it may be the right to read.
                capabilities = (Capability.READ,)
                condition = "; ".join(filter(None, (condition, "what the role allows is not known")))
            if not capabilities:
                continue
            for member in binding.members:
                if not is_gone(member):
                    yield from self._principals(member)
                    yield self._grant(binding, member, where, pattern, matching, capabilities, condition)

    def _principals(self, member: str) -> Iterator[Record]:
        own = member_id(self.reading.project, member)
        if own not in self.told:
            self.told.add(own)
            for record in member_records(self.reading.project, member):
                self.reading.principals += 1
                yield record

    def _grant(
        self,
        binding: Binding,
        member: str,
        where: str,
        pattern: str,
        matching: Matching,
        capabilities: tuple[Capability, ...],
        condition: str,
    ) -> GrantRecord:
        opens = bool({*capabilities} - {Capability.LIST})
        return GrantRecord(
            member_id(self.reading.project, member),
            pattern,
            matching,
            capabilities,
            f"{where}: {binding.role[:200]} to {member[:200]}",
            wildcard=(opens and matching is Matching.GLOB) or member in ANYONE,
            condition=condition,
        )


__all__ = ["ABOVE", "Policies"]
