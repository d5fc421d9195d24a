"""Bringing teams, ownership rules and sources to what a declaration says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from inventory.collector import CollectorError
from inventory.declaration import Declaration, DeclarationError, RuleEntry, SourceEntry, TeamEntry
from inventory.models import OwnershipRule, Source
from inventory.services.ownership import rules_changed
from inventory.services.sources import add_source, change_source, remove_orphaned_mirrors, remove_source
from posture.accounts.models import Membership, Team, User


@dataclass(frozen=True)
class Change:
    """One difference between what is and what the file says."""

    act: str
    """add, change or remove."""
    what: str

    def __str__(self) -> str:
        return f"{ {'add': '+', 'change': '~', 'remove': '-'}[self.act] } {self.what}"


def reconcile(*, declaration: Declaration, prune: bool, keep: bool) -> list[Change]:
    """Bring the rows to what the declaration says, all or nothing, and return what differed.

    With `keep` off everything is rolled back, which is how the difference is shown first. What the
    declaration no longer names goes only with `prune`, and only of the parts that it speaks about.

    Raises:
        DeclarationError: a name in it leads nowhere, or a source is not right.
    """
    changes: list[Change] = []
    with transaction.atomic():
        if declaration.teams is not None:
            changes += _teams(declaration.teams, prune)
        if declaration.ownership is not None:
            changes += _rules(declaration.ownership, prune)
        if declaration.sources is not None:
            changes += _sources(declaration.sources, prune)
        if changes:
            rules_changed()
        if not keep:
            transaction.set_rollback(True)
    return changes


def _teams(entries: tuple[TeamEntry, ...], prune: bool) -> list[Change]:
    changes = []
    known = {team.slug: team for team in Team.objects.all()}
    for entry in entries:
        team = known.get(entry.slug)
        if team is None:
            team = known[entry.slug] = Team.objects.create(
                slug=entry.slug, name=entry.name, handles=list(entry.handles)
            )
            changes.append(Change("add", f"team {entry.slug}"))
        else:
            changes += _set(team, f"team {entry.slug}", name=entry.name, handles=list(entry.handles))
    for entry in entries:
        if entry.parent is not None and entry.parent not in known:
            raise DeclarationError(f"The parent {entry.parent!r} of team {entry.slug!r} is not a team.")
        parent = known[entry.parent] if entry.parent else None
        moved = _set(known[entry.slug], f"team {entry.slug}", parent=parent)
        changes += [] if Change("add", f"team {entry.slug}") in changes else moved
        changes += _members(known[entry.slug], entry.members, prune)
    _no_cycle(known)
    if prune:
        named = {entry.slug for entry in entries}
        surplus = [team for slug, team in known.items() if slug not in named]
        Team.objects.filter(pk__in=[team.pk for team in surplus]).update(parent=None)
        for team in surplus:
            team.delete()
            changes.append(Change("remove", f"team {team.slug}"))
    return changes


def _members(team: Team, members: Any, prune: bool) -> list[Change]:
    changes = []
    present = {each.user.email: each for each in team.memberships.select_related("user")}
    for email, role in members.items():
        if email in present:
            changes += _set(present[email], f"{email} in {team.slug}", role=role)
            continue
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email)
            changes.append(Change("add", f"person {email}"))
        Membership.objects.create(team=team, user=user, role=role)
        changes.append(Change("add", f"{email} in {team.slug} as {role}"))
    if prune:
        for email in present.keys() - members.keys():
            present[email].delete()
            changes.append(Change("remove", f"{email} from {team.slug}"))
    return changes


def _no_cycle(teams: dict[str, Team]) -> None:
    parents = {team.pk: team.parent_id for team in teams.values()}
    for team in teams.values():
        seen, above = {team.pk}, parents[team.pk]
        while above is not None:
            if above in seen:
                raise DeclarationError(f"The team {team.slug!r} is above itself.")
            seen.add(above)
            above = parents.get(above)


def _rules(entries: tuple[RuleEntry, ...], prune: bool) -> list[Change]:
    changes = []
    teams = {team.slug: team for team in Team.objects.all()}
    known = {rule.match: rule for rule in OwnershipRule.objects.all()}
    for position, entry in enumerate(entries, 1):
        if entry.team is not None and entry.team not in teams:
            raise DeclarationError(f"The rule {entry.match!r} names the team {entry.team!r}, which is not a team.")
        wanted = {
            "team": teams[entry.team] if entry.team else None,
            "tier": entry.tier,
            "environment": entry.environment,
            "visibility": entry.visibility,
            "position": position,
        }
        if entry.match in known:
            changes += _set(known[entry.match], f"rule {entry.match}", **wanted)
        else:
            OwnershipRule.objects.create(match=entry.match, **wanted)
            changes.append(Change("add", f"rule {entry.match}"))
    if prune:
        for match in known.keys() - {entry.match for entry in entries}:
            known[match].delete()
            changes.append(Change("remove", f"rule {match}"))
    return changes


def _sources(entries: tuple[SourceEntry, ...], prune: bool) -> list[Change]:
    changes = []
    known = {source.name: source for source in Source.objects.all()}
    # What goes and what moves makes room first: no place may be collected by two.
    if prune:
        for name in known.keys() - {entry.name for entry in entries}:
            remove_source(source=known[name])
            # Not where this is only shown: it is not committed then.
            transaction.on_commit(remove_orphaned_mirrors)
            changes.append(Change("remove", f"source {name}, with all that was collected from it"))
    for entry in sorted(entries, key=lambda entry: entry.name not in known):
        try:
            changes += _source(entry, known.get(entry.name))
        except CollectorError as error:
            raise DeclarationError(f"Source {entry.name!r}: {error}") from error
    return changes


def _source(entry: SourceEntry, source: Source | None) -> list[Change]:
    wanted = {"config": entry.config, "interval": entry.interval, "credential": entry.credential}
    if source is None:
        add_source(name=entry.name, kind=entry.kind, operator=True, **wanted)  # type: ignore[arg-type]
        return [Change("add", f"source {entry.name}")]
    if source.kind != entry.kind:
        raise DeclarationError(f"Source {entry.name!r} is of the kind {source.kind!r}; choose another name.")
    before = (source.config, source.interval, source.credential)
    if source.credential and source.config != entry.config and source.credential == entry.credential:
        # The file names place and credential together, so the credential was named anew.
        Source.objects.filter(pk=source.pk).update(credential="")
        source.refresh_from_db()
    after = change_source(
        source=source,
        name=entry.name,
        enabled=source.enabled,
        operator=True,
        **wanted,  # type: ignore[arg-type]
    )
    if before == (after.config, after.interval, after.credential):
        return []
    return [Change("change", f"source {entry.name}")]


def _set(row: models.Model, what: str, **wanted: Any) -> list[Change]:
    different = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
    for name in different:
        setattr(row, name, wanted[name])
    if different:
        row.save(update_fields=different)
    return [Change("change", f"{what}: {', '.join(different)}")] if different else []
