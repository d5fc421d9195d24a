"""Marks the teams whose score a change touches, in the transaction of the change."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from posture.accounts.models import Team


def score_again(*owned: QuerySet[Any]) -> None:
    """Have the teams scored again that own these rows; call it before a change that takes them out of the rows."""
    for rows in owned:
        Team.objects.filter(pk__in=rows.order_by().values("team")).update(score_due=True)
