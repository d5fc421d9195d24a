"""Who may do what in one namespace: policies, ways to log in, tokens, entities and groups."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from inventory.collector import AssetFactsRecord, PrincipalRecord, ProgressRecord, Record, SkipRecord
from inventory.store_records import PrincipalKind
from inventory.stores.crew import Crew
from inventory.stores.values import Values
from inventory.vault.answer import Answer, Unanswered
from inventory.vault.client import VaultClient
from inventory.vault.grants import grants_of, root_grant
from inventory.vault.identities import Identities
from inventory.vault.logins import Logins
from inventory.vault.mounts import Mount, logins_of, mounts_of, namespaces_below
from inventory.vault.naming import principal_id
from inventory.vault.policy import parse_policy
from inventory.vault.tokens import Tokens


@dataclass
class Access:
    """Everything about access to one namespace, read side by side."""

    client: VaultClient
    crew: Crew
    namespace: str
    ours: str = ""
    """Accessor of a token that was made for this read."""
    values: Values | None = None
    secrets: int = 0
    principals: int = 0
    told: bool = True
    """Once read, whether all was handed out that decides who can read what."""

    def read(self) -> Iterator[Record]:
        """Yield policies with their grants, then whoever has them; take note of whether a part is missing."""
        for record in self._parts():
            if isinstance(record, SkipRecord) and record.partial:
                self.told = False
            yield record

    def _parts(self) -> Iterator[Record]:
        policies = yield from self._policies()
        try:
            ways, whole = logins_of(self.client, self.namespace)
        except Unanswered as unanswered:
            ways, whole = [], False
            yield SkipRecord(unanswered.answer.why, f"ways to log in to {self.namespace or 'the root namespace'}")
        else:
            if not whole:
                yield SkipRecord("Vault tells only those that this credential may use", "ways to log in")
        logins = Logins(self.client, self.crew, ways, self.values)
        yield from logins.names()
        tokens = Tokens(self.client, self.crew, self.namespace, logins.listed, self.ours)
        yield from tokens.read()
        identities = Identities(self.client, self.crew, self.namespace, logins.personal, tokens.sessions)
        yield from identities.read()
        yield from logins.read(tokens.sessions, identities.entities, live=tokens.known)
        self.told = self.told and not logins.refused
        self.secrets = logins.secrets
        self.principals += tokens.principals + identities.principals + logins.principals
        yield AssetFactsRecord(
            attributes={
                "policies": policies,
                "logins": ", ".join(sorted({way.type for way in ways})) or None,
                "tokens": tokens.looked_at if tokens.known else None,
            }
        )

    def _policies(self) -> Generator[Record, None, int]:
        mounts = yield from self._mounts()
        skips: list[SkipRecord] = []
        count = 0
        for name, answer in self.crew.each(self._policy_names(skips), self._policy):
            if answer.status == 404:
                continue
            count += 1
            self.principals += 1
            yield from policy_records(self.namespace, name, answer, mounts, self.client)
            if count % 500 == 0:
                yield ProgressRecord("policies", count, count)
        yield from skips
        return count

    def _mounts(self) -> Generator[Record, None, list[Mount]]:
        """Return what is mounted where policies of this namespace can lead to."""
        found: list[Mount] = []
        # A policy may speak about the namespaces below its own; most do so in the topmost one.
        below = namespaces_below(self.client, self.namespace) if self.namespace == self.client.namespace else ()
        for namespace in dict.fromkeys([self.namespace, *(each for each in below if isinstance(each, str))]):
            try:
                found += mounts_of(self.client, namespace)[0]
            except Unanswered as unanswered:
                what = f"what the paths of policies mean in {namespace or 'the root namespace'}"
                yield SkipRecord(unanswered.answer.why, what, partial=False)
        return found

    def _policy_names(self, skips: list[SkipRecord]) -> Iterator[str]:
        try:
            yield from self.client.names("sys/policies/acl", self.namespace)
        except Unanswered as unanswered:
            skips.append(SkipRecord(unanswered.answer.why, "policies"))

    def _policy(self, name: str) -> Answer:
        if name == "root":
            return Answer(200)
        return self.client.ask("GET", f"sys/policies/acl/{name}", self.namespace)


def policy_records(
    namespace: str, name: str, answer: Answer, mounts: list[Mount], client: VaultClient
) -> Iterator[Record]:
    """Yield a policy as a role, and its paths as grants."""
    principal = principal_id(namespace, "policy", name)
    evidence = {"created_at": "Vault keeps no time of a policy", "last_used_at": "Vault tells uses in its audit log"}
    record = PrincipalRecord(principal, PrincipalKind.ROLE, f"{namespace}{name}", evidence=evidence)
    if name == "root" and not answer.data:
        yield record
        yield root_grant(principal, namespace)
        return
    if not answer.ok:
        yield record
        yield SkipRecord(f"policy not read: {answer.why}", f"{namespace}{name}")
        return
    policy = parse_policy(answer.text("policy") or answer.text("rules"))
    yield PrincipalRecord(
        principal,
        PrincipalKind.ROLE,
        f"{namespace}{name}",
        evidence=evidence,
        attributes={"Paths": len(policy.rules)}
        | ({"Not understood": "; ".join(policy.problems)} if policy.problems else {}),
    )
    yield from grants_of(principal, name, policy, namespace, mounts, client.now())
    if policy.problems:
        yield SkipRecord(f"policy not understood: {policy.problems[0]}", f"{namespace}{name}")


__all__ = ["Access", "policy_records"]
