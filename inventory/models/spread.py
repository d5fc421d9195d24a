"""Over which stored secrets and environments a value is spread, added up beforehand: a page cannot join so much."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.db import models
from django.db.models import Q

from inventory.models.secrets import Credential

SEVERAL = 2
"""Counts of an environment stop here: whether there is one or more is all that is asked, and few shapes remain."""


def shape_of(environments: Mapping[str, int]) -> str:
    """Return environments with one secret or several, in a text that is the same for all values spread alike."""
    return json.dumps([[name, min(number, SEVERAL)] for name, number in sorted(environments.items())])


def environments_of(shape: str) -> dict[str, int]:
    """Return what a shape says: one secret or several, by environment."""
    return dict(json.loads(shape))


class Spread(models.Model):
    """One value that stands in several stored secrets; values in one alone have no row.

    Every team has a row for its own secrets, also where that is one, so that nobody is told of others' (SECURITY W27).
    """

    credential = models.ForeignKey(Credential, models.CASCADE, related_name="spreads")
    team = models.ForeignKey("accounts.Team", models.CASCADE, null=True, blank=True, related_name="spreads")
    """None: the secrets of all teams and of nobody together, for those who see everything."""
    secrets = models.PositiveIntegerField()
    shape = models.TextField()
    """By environment, of which the empty one is not known: [["", 1], ["production", 2]]; 2 stands for several."""
    first = models.BigIntegerField()
    """The lowest number of its holdings, to break ties by something that is the team's own."""

    team_paths = ("team",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["credential", "team"], name="one_spread_per_team"),
            models.UniqueConstraint(fields=["credential"], condition=Q(team=None), name="one_spread_of_all"),
        ]

    def __str__(self) -> str:
        return f"spread of {self.credential_id}"

    @property
    def environments(self) -> dict[str, int]:
        """One or several secrets, by environment."""
        return environments_of(self.shape)
