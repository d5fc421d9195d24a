"""What a part is called, in words that its own team may read: from its own places alone (SECURITY W27)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from inventory.detection.provider import formats
from inventory.models import Exposure, Holding, Principal, Secret
from posture.incidents.models import Part
from posture.incidents.models.incidents import EXPOSED
from posture.incidents.trigger import trigger_label


@dataclass(frozen=True)
class Title:
    """What happened, to what, and where it is worst."""

    what: str
    """`AWS access key` or the trigger's words."""
    where: str
    """A repository with a path, or a store's path; empty where its rows are gone."""
    more: int = 0
    """In how many more places of the team."""

    def __str__(self) -> str:
        return f"{self.what} in {self.where}" if self.where else self.what


def titles(parts: Collection[Part]) -> dict[int, Title]:
    """Return what each part is called; at most four queries. The parts must have their incidents at hand."""
    found: dict[int, Title] = {}
    exposed = [part for part in parts if part.incident.trigger == EXPOSED]
    found.update(_of_values(exposed))
    for model, name, label in ((Secret, "secret", "path"), (Principal, "principal", "name")):
        about = {getattr(part.incident, f"{name}_id") for part in parts} - {None}
        if not about:
            continue
        rows = dict(model._default_manager.filter(pk__in=about).values_list("pk", label))
        for part in parts:
            row = getattr(part.incident, f"{name}_id")
            if row in rows:
                found[part.pk] = Title(trigger_label(part.incident.trigger), rows[row])
    for part in parts:
        found.setdefault(part.pk, Title(trigger_label(part.incident.trigger), ""))
    return found


def _of_values(parts: Collection[Part]) -> dict[int, Title]:
    credentials = {part.incident.credential_id for part in parts} - {None}
    if not credentials:
        return {}
    places: dict[tuple[int, int | None], list[tuple[str, str]]] = {}
    rows = Exposure.objects.filter(credential__in=credentials).order_by("gone_at", "severity_rank", "first_at", "pk")
    wanted = {(part.incident.credential_id, part.team_id) for part in parts}
    for credential, team, rule, asset, path in rows.values_list(
        "credential", "team", "rule", "asset__name", "path"
    ).iterator(chunk_size=2000):
        if (credential, team) in wanted:
            places.setdefault((credential, team), []).append((rule, f"{asset} · {path}" if path else asset))
    held: dict[tuple[int, int | None], str] = {}
    for credential, team, path in (
        Holding.objects.standing()
        .filter(credential__in=credentials)
        .values_list("credential", "version__secret__team", "version__secret__path")
    ):
        held.setdefault((credential, team), path)
    known, found = formats(), {}
    for part in parts:
        key = (part.incident.credential_id, part.team_id)
        if key in places:
            rule, where = places[key][0]
            form = known[rule][1] if rule in known else None
            found[part.pk] = Title(form.label if form else rule, where, len(places[key]) - 1)
        elif key in held:
            found[part.pk] = Title("Exposed value", held[key])
    return found
