"""Teams and scores over the API: the tree with the newest scores, a team's history, the organisation's."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from rest_framework import serializers

from inventory.api.shapes import CREDENTIAL_ID
from inventory.models import Credential, Principal, Secret
from inventory.seen import tell
from posture.accounts.models import Team, User
from posture.accounts.opaque import opaque_id
from posture.accounts.visibility import visible, visible_teams
from posture.api.endpoint import Endpoint, routes
from posture.api.fields import NoText
from posture.api.parameters import Parameter, as_day
from posture.scoring.items import Kind, Thing, thing_of
from posture.scoring.models import Snapshot

SCORE = "0 to 100. Null: nothing has evidence."
SLUG: dict[str, tuple[type, str]] = {"slug": (str, "Slug of the team.")}
DAYS = (
    Parameter("since", "The first day.", lambda rows, day: rows.filter(day__gte=day), as_day),
    Parameter("until", "The last day.", lambda rows, day: rows.filter(day__lte=day), as_day),
)


class ScoreShape(serializers.Serializer[Any]):
    """A score as it was taken on a day."""

    id = serializers.IntegerField(source="pk")
    day = serializers.DateField()
    computed_at = serializers.DateTimeField(help_text="A day may have several; the newest counts.")
    policy_version = serializers.IntegerField(help_text="Version of the rules it was computed by.")
    score = serializers.FloatField(allow_null=True, help_text=SCORE)
    grade = serializers.CharField(help_text="A to F, or that too little is known.")
    confidence = serializers.FloatField(help_text="How much is known, 0 to 1.")
    size = serializers.IntegerField(help_text="How many credentials it is about.")


class TeamShape(serializers.Serializer[Any]):
    """A team with its newest score."""

    slug = serializers.CharField()
    name = serializers.CharField()
    parent = NoText(  # type: ignore[assignment]
        source="told_parent", help_text="Slug of the team above. Null: none, or none that you see."
    )
    handles = serializers.ListField(child=serializers.CharField(), help_text="CODEOWNERS handles that mean it.")
    created_at = serializers.DateTimeField()
    score = ScoreShape(source="told_score", allow_null=True, help_text="Null: none was taken yet.")


class CapShape(serializers.Serializer[Any]):
    """A limit that something puts on a score or a pillar."""

    limit = serializers.FloatField(help_text="0 to 100.")
    reason = serializers.CharField()
    binding = serializers.BooleanField(help_text="Whether it lowers anything.")
    count = serializers.IntegerField(help_text="How many items bring it.")


class PillarShape(serializers.Serializer[Any]):
    """One pillar of a score."""

    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    weight = serializers.FloatField(help_text="Its part of the score before what is not assessed drops out.")
    value = serializers.FloatField(allow_null=True, help_text="0 to 100. Null: not assessed.")
    uncapped = serializers.FloatField(allow_null=True, help_text="What it would be without its caps.")
    reason = NoText(help_text="Why it is not assessed, or what holds it.")
    caps = CapShape(many=True)


class KnownShape(serializers.Serializer[Any]):
    """What the confidence is made from."""

    assets = serializers.IntegerField()
    assets_fresh = serializers.IntegerField(help_text="Read to their end in time.")
    facts = serializers.IntegerField(help_text="Facts that are asked for.")
    facts_known = serializers.IntegerField()


class ItemShape(serializers.Serializer[Any]):
    """What one item costs a score, and what its remedy would give."""

    pillar = serializers.CharField()
    credential = serializers.CharField(allow_null=True, help_text=f"{CREDENTIAL_ID} Null: it is about none.")
    secret = serializers.IntegerField(allow_null=True, help_text="Id of the stored secret. Null: it is about none.")
    principal = serializers.IntegerField(allow_null=True, help_text="Id of the principal. Null: it is about none.")
    action = serializers.CharField(help_text="What to do.")
    why = serializers.CharField()
    remedy = serializers.CharField(help_text="How.")
    lost = serializers.FloatField(help_text="Points that it costs.")
    gain = serializers.FloatField(help_text="Points that the remedy gives.")
    fixable = serializers.BooleanField(
        help_text="Whether it has a remedy of its own. False: nothing can be done any more, or another item's ends it."
    )
    held_by = NoText(help_text="The cap that keeps the score where it is although the item has debt.")


class StepShape(serializers.Serializer[Any]):
    """One thing that a level of the ladder asks for."""

    level = serializers.CharField(help_text="bronze, silver or gold.")
    words = serializers.CharField()
    met = serializers.BooleanField(allow_null=True, help_text="Null: not known, which is not enough.")


class LadderShape(serializers.Serializer[Any]):
    """The level beside the score."""

    level = NoText(help_text="Null: none yet.")
    steps = StepShape(many=True)


class TeamScoreShape(ScoreShape):
    """A team's score taken apart."""

    uncapped = serializers.FloatField(source="card.uncapped", allow_null=True, help_text="Without the overall caps.")
    pillars = PillarShape(source="card.pillars", many=True)
    caps = CapShape(source="card.caps", many=True)
    known = KnownShape(source="card.known")
    ladder = LadderShape(source="card.ladder")
    gains = ItemShape(source="told_gains", many=True, help_text="What can be done, the most worthwhile first.")
    gains_count = serializers.IntegerField(source="card.gains_count", help_text="How many there were in all.")
    costs = ItemShape(source="told_costs", many=True, help_text="What took points, the most costly first.")
    costs_count = serializers.IntegerField(source="card.costs_count", help_text="How many there were in all.")


class StandingShape(serializers.Serializer[Any]):
    """A team on the organisation's card."""

    team = serializers.CharField(help_text="Slug of the team.")
    score = serializers.FloatField(allow_null=True, help_text=SCORE)
    grade = serializers.CharField()
    size = serializers.IntegerField()


class OrganisationScoreShape(ScoreShape):
    """The organisation's score taken apart."""

    known = KnownShape(source="card.known")
    items = serializers.IntegerField(source="card.items", help_text="Assets, exposures, secrets and identities.")
    items_owned = serializers.IntegerField(source="card.items_owned")
    pillars = serializers.DictField(
        source="card.pillars", child=serializers.FloatField(allow_null=True), help_text="By slug; null: not assessed."
    )
    worst = StandingShape(source="card.worst", many=True)
    teams = serializers.IntegerField(source="card.teams")
    not_assessed = serializers.ListField(
        source="card.not_assessed", child=serializers.CharField(), help_text="Slugs of the teams without a score."
    )


class Teams(Endpoint):
    """The teams that you see, as a tree by `parent`, with their newest scores."""

    queryset = Team.objects.select_related("parent")
    serializer_class = TeamShape
    lookup_field = "slug"
    lookup_value_regex = r"[-\w]+"
    names = SLUG
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("q", "Part of the name.", lambda rows, text: rows.filter(name__icontains=text)),
    )

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Add the scores, and the parents as far as they are seen."""
        newest = Snapshot.objects.newest_per_team().filter(team__in=rows).defer("card")
        scores = {each.team_id: each for each in newest}
        seen = visible_teams(self.viewer)
        for row in rows:
            row.told_score = scores.get(row.pk)
            row.told_parent = row.parent.slug if row.parent and (seen is None or row.parent_id in seen) else ""
        return rows


class TeamScores(Endpoint):
    """A team's scores, the newest first; one of them taken apart."""

    queryset = Snapshot.objects.all()
    serializer_class = ScoreShape
    detail_serializer_class = TeamScoreShape
    newest_first = True
    parameters = DAYS
    names: ClassVar[dict[str, tuple[type, str]]] = {**SLUG, **Endpoint.names}

    def get_queryset(self) -> QuerySet[Snapshot]:
        """Return the scores of the team in the address."""
        if getattr(self, "swagger_fake_view", False):
            return Snapshot.objects.none()
        team = get_object_or_404(visible(Team.objects.all(), self.viewer), slug=self.kwargs["slug"])
        return super().get_queryset().filter(team=team)

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Name the items of one score by the viewer's own ids."""
        if self.action == "retrieve":
            card = rows[0].card
            rows[0].told_gains, rows[0].told_costs = told_items(self.viewer, card["gains"], card["costs"])
        return rows


class OrganisationScores(Endpoint):
    """The organisation's scores, the newest first; for those who see everything."""

    queryset = Snapshot.objects.of_organisation()
    serializer_class = ScoreShape
    detail_serializer_class = OrganisationScoreShape
    newest_first = True
    for_overseers = True
    parameters = DAYS


def told_items(user: User, *lists: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return stored items under the viewer's ids; what they do not see (any more), or nobody can translate, drops out.

    A stored card names credentials by their rows' numbers, which would join what two teams see (SECURITY W27).
    """
    labels = _labels(user, {thing for items in lists for each in items if (thing := thing_of(each))})
    return [
        [_told(user, each, thing, labels[thing]) for each in items if (thing := thing_of(each)) in labels and thing]
        for items in lists
    ]


def _told(user: User, item: dict[str, Any], thing: Thing, label: str) -> dict[str, Any]:
    is_credential = thing.kind in (Kind.CREDENTIAL, Kind.VALUE)
    return {
        **item,
        "credential": opaque_id(user, "credential", thing.number) if is_credential else None,
        "secret": thing.number if thing.kind == Kind.SECRET else None,
        "principal": thing.number if thing.kind == Kind.PRINCIPAL else None,
        "action": item["order"].replace("{item}", label),
    }


def _labels(user: User, things: set[Thing]) -> dict[Thing, str]:
    """Return what the things that the viewer sees are called."""
    numbers = {kind: [thing.number for thing in things if thing.kind == kind] for kind in Kind}
    credentials = visible(Credential.objects.filter(pk__in=numbers[Kind.CREDENTIAL] + numbers[Kind.VALUE]), user)
    rows = credentials.in_bulk()
    tell(user, rows.values())
    names = {Kind.SECRET: (Secret.objects.present(), "path"), Kind.PRINCIPAL: (Principal.objects.present(), "name")}
    found = {
        Thing(kind, pk): name
        for kind, (present, column) in names.items()
        if numbers[kind]
        for pk, name in visible(present.filter(pk__in=numbers[kind]), user).values_list("pk", column)
    }
    told = {thing: rows[thing.number].label for thing in things if thing.number in rows and thing not in found}
    return found | {thing: name for thing, name in told.items() if thing.kind in (Kind.CREDENTIAL, Kind.VALUE)}


urlpatterns = [
    *routes(teams=Teams),
    path("teams/<slug:slug>/scores/", TeamScores.as_view({"get": "list"}), name="api-team-scores"),
    path("teams/<slug:slug>/scores/<int:pk>/", TeamScores.as_view({"get": "retrieve"}), name="api-team-score"),
    path("organisation/scores/", OrganisationScores.as_view({"get": "list"}), name="api-organisation-scores"),
    path(
        "organisation/scores/<int:pk>/", OrganisationScores.as_view({"get": "retrieve"}), name="api-organisation-score"
    ),
]
