"""What the rating of very many values asks of whom they let in: from what was counted with each store."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from inventory.blast_radius import Login, Reach
from inventory.blast_reads import InventoryFacts, chunks
from inventory.models import Principal


class StoredFacts(InventoryFacts):
    """The answers for very many values at once: what a principal can do is what was counted with its store."""

    def learn(self, credentials: Collection[int]) -> list[int]:
        """Read together what walks from these values begin with; returns those that let somebody in."""
        logins = self.logins(credentials)
        principals = sorted({login.principal for login in logins})
        self.reaches(principals)
        self.leads(principals)
        return sorted({login.credential for login in logins})

    def logins(self, credentials: Collection[int]) -> list[Login]:
        """Return whom these values let in, each asked once."""
        new = [value for value in credentials if value not in self._let]
        if new:
            self._let |= {value: [] for value in new}
            for login in super().logins(new):
                self._let[login.credential].append(login)
        return [login for value in credentials for login in self._let[value]]

    def reaches(self, principals: Collection[int]) -> list[Reach]:
        """Return what each of these can do, each asked once."""
        new = [pk for pk in principals if pk not in self._known]
        for chunk in chunks(new):
            rows = Principal.objects.filter(pk__in=chunk)
            columns = ("pk", "admin", "wildcard", "reads", "reads_in", "environment", "asset__environment")
            for pk, admin, wildcard, reads, reads_in, own, account in rows.values_list(*columns):
                where = frozenset(reads_in or ())
                self._known[pk] = Reach(
                    pk,
                    admin=admin,
                    wildcard=wildcard,
                    at_least=reads is None,
                    reads=reads,
                    reads_in=where,
                    environment=own or account,
                )
        return [self._known[pk] for pk in principals if pk in self._known]

    @cached_property
    def _known(self) -> dict[int, Reach]:
        return {}

    @cached_property
    def _let(self) -> dict[int, list[Login]]:
        return {}


__all__ = ["StoredFacts"]
