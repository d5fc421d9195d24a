"""Everything that the page of reuse and segregation says to one viewer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Max, Window
from django.db.models.functions import RowNumber
from django.http import QueryDict
from django.urls import reverse

from inventory.collector import collectors
from inventory.environment_matrix import NOT_KNOWN, Matrix, Pairs, in_order, matrix, words
from inventory.filters import Selection
from inventory.keyset import Page
from inventory.models import Credential, Exposure, Holding, Secret, Source, Spread, Version
from inventory.principal_listing import READS_IN
from inventory.queries import Standing, hidden_places_among, standings
from inventory.reuse import (
    Reused,
    identity_groups,
    identity_pairs,
    named,
    narrowed,
    page_of,
    reused,
    selection,
    value_pairs,
)
from inventory.seen import tell
from posture.accounts.models import User
from posture.accounts.opaque import opaque_id
from posture.accounts.visibility import visible

PATHS = 3
"""Secrets of one value that a row names."""
COUNTED = 10_000
"""Rows that are counted of what is not known; beyond, only "more than" is said, so that no page waits for it."""


@dataclass(frozen=True)
class ReuseRow:
    """One value of the list, as the viewer knows it."""

    spread: Reused
    credential: Credential
    opaque: str
    secrets: Sequence[Secret]
    """The first of those that hold it."""
    readers: int | None
    """How many identities can read the one of these that most can read; None: not known of any."""
    readers_known: bool
    """Whether that is known of all of them; else more may read one."""
    teams: Sequence[str]
    unowned: bool
    standing: Standing
    """Where it stands outside of stores."""
    hidden: int
    """Places beyond the viewer's; always 0 for a weak value (SECURITY W27)."""

    @property
    def more(self) -> int:
        """How many further secrets of the viewer's hold it."""
        return self.spread.secrets - len(self.secrets)

    @property
    def environments(self) -> str:
        """Where it stands, as one text."""
        return ", ".join(words(name) for name in in_order(self.spread.where.environments))


class ReusePage:
    """The figures, both matrices and one page of the list."""

    def __init__(self, user: User, address: QueryDict) -> None:
        self.user = user
        self._every = reused(user)
        self._alike = Counter(row.where for row in self._every)
        self.selection: Selection = selection(user, address, self._alike)
        self._chosen = narrowed(user, self.selection, self._every)
        self.page: Page[Any] = page_of(self.selection, self._chosen)

    @property
    def total(self) -> int:
        """How many values stand in several secrets."""
        return len(self._every)

    @property
    def selected(self) -> int:
        """How many of them the filters keep."""
        return len(self._chosen)

    @cached_property
    def crossing(self) -> int:
        """How many stand in several environments for certain."""
        return sum(number for where, number in self._alike.items() if where.crosses)

    @cached_property
    def perhaps(self) -> int:
        """How many may stand in several: of one it is not known, or not the viewer's to know."""
        hidden = sum(row.crosses is None and not row.where.perhaps for row in self._every if row.elsewhere)
        return hidden + sum(number for where, number in self._alike.items() if where.perhaps)

    @cached_property
    def value_pairs(self) -> Pairs:
        """How many values stand in both of two environments."""
        return value_pairs(self._alike)

    @cached_property
    def values(self) -> Matrix:
        """Values by environments."""
        names = {name for where in self._alike for name in where.environments}
        return matrix(self.value_pairs, names, self._values_in)

    def _values_in(self, names: list[str]) -> str:
        return f"{reverse('inventory:reuse')}?{urlencode([('environment', name) for name in named(names)])}#values"

    @cached_property
    def _groups(self) -> list[tuple[list[str], int]]:
        return identity_groups(self.user)

    @cached_property
    def identity_pairs(self) -> Pairs:
        """How many identities can read in both of two environments."""
        return identity_pairs(self._groups)

    @cached_property
    def identities(self) -> Matrix:
        """Identities by the environments in which they can read."""
        names = {name for group, _ in self._groups for name in group}
        return matrix(self.identity_pairs, names, _identities_in)

    @cached_property
    def identities_crossing(self) -> int:
        """How many identities can read in several environments for certain."""
        return sum(number for names, number in self._groups if len(set(names) - {NOT_KNOWN}) > 1)

    @cached_property
    def exposed(self) -> int:
        """How many stand outside of stores too, in places that the viewer sees."""
        rows = visible(Exposure.objects.present(), self.user).order_by()
        spread = Spread.objects.filter(team=None) if self.user.sees_everything else Spread.objects.all()
        known = visible(spread, self.user).values("credential")
        exposed = set(rows.filter(credential__in=known).values_list("credential", flat=True).distinct())
        return sum(row.credential in exposed for row in self._every)

    @cached_property
    def rows(self) -> list[ReuseRow]:
        """The rows of the page, in a fixed number of queries."""
        numbers = [row.credential for row in self.page.rows]
        if not numbers:
            return []
        held = self._held(numbers)
        # Whatever is listed is held by a secret that the viewer sees.
        found = {pk: rows[0].credential for pk, rows in held.items()}
        tell(self.user, found.values())
        standing = standings(self.user, numbers)
        hidden = hidden_places_among(self.user, numbers)
        teams: dict[int, dict[str, int]] = defaultdict(dict)
        owned = visible(Spread.objects.filter(credential__in=numbers, team__isnull=False), self.user)
        for pk, name, secrets in owned.order_by("team__name").values_list("credential", "team__name", "secrets"):
            teams[pk][name] = secrets
        return [
            ReuseRow(
                spread=row,
                credential=found[row.credential],
                opaque=opaque_id(self.user, "credential", row.credential),
                secrets=[each.version.secret for each in held[row.credential]],
                readers=held[row.credential][0].most_readers,
                readers_known=held[row.credential][0].of_known_readers == held[row.credential][0].of_all,
                teams=list(teams[row.credential]),
                unowned=sum(teams[row.credential].values()) < row.secrets,
                standing=standing[row.credential],
                hidden=hidden.get(row.credential, 0),
            )
            for row in self.page.rows
            # The stores may have changed since the spread was worked out.
            if row.credential in found
        ]

    def _held(self, credentials: list[int]) -> dict[int, list[Any]]:
        """Return one holding for each of the first secrets that hold a value, by the value.

        Each has `most_readers`, and of how many of these they are known, of all the secrets that hold it.
        """
        standing = visible(Holding.objects.standing().filter(credential__in=credentials), self.user)
        # A secret may hold the value under two of its keys.
        nth = Window(RowNumber(), partition_by=[F("credential"), F("version__secret")], order_by="pk")
        ones = standing.annotate(nth=nth).filter(nth=1).values("pk")
        place = Window(RowNumber(), partition_by="credential", order_by=["version__secret__path", "pk"])
        most = Window(Max("version__secret__readers"), partition_by="credential")
        every, known = (
            Window(Count(what), partition_by="credential") for what in ("version__secret", "version__secret__readers")
        )
        rows = Holding.objects.filter(pk__in=ones).annotate(
            place=place, most_readers=most, of_all=every, of_known_readers=known
        )
        rows = rows.filter(place__lte=PATHS)
        found: dict[int, list[Any]] = defaultdict(list)
        for row in rows.select_related("credential", "version__secret__asset").order_by("credential", "place"):
            found[row.credential_id].append(row)
        return found

    @cached_property
    def unread(self) -> int:
        """How many current versions have a value that nobody read, so that it is compared with none; capped."""
        rows = Version.objects.filter(state=Version.State.CURRENT, read_key="", secret__gone_at=None)
        return visible(rows, self.user).order_by()[: COUNTED + 1].count()

    @property
    def unread_is_capped(self) -> bool:
        """Whether there are more of these than were counted."""
        return self.unread > COUNTED

    @cached_property
    def empty_because(self) -> str:
        """Why no value is known to be reused: store, read or none."""
        if not visible(Secret.objects.present(), self.user).exists():
            return "store"
        read = Version.objects.filter(state=Version.State.CURRENT, secret__gone_at=None).exclude(read_key="")
        return "none" if visible(read, self.user).exists() else "read"

    @cached_property
    def unread_sources(self) -> list[Source]:
        """Sources that could be read for fingerprints and are not, for those who may know of them."""
        if not self.user.sees_everything:
            return []
        kinds = [slug for slug, kind in collectors().items() if any(f.name == "fingerprint" for f in kind.fields)]
        rows = Source.objects.filter(kind__in=kinds, enabled=True).order_by("name")
        return [row for row in rows if not row.config.get("fingerprint")]


def _identities_in(names: list[str]) -> str:
    return f"{reverse('inventory:principals')}?{urlencode({READS_IN: ','.join(named(names))})}"
