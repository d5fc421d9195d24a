"""The policy over the API: its versions, what is in force, a change before it is made, and the change."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.limit_rows import MOST_DAYS, LimitRow
from inventory.models import PolicyVersion, Secret
from inventory.models.assets import Tier
from inventory.policy import CEILING, DEFAULTS
from inventory.policy_forms import MOST_ROWS, kind_choices
from inventory.policy_preview import NAMED, preview
from inventory.principal_listing import unused_days
from inventory.services.policies import PolicyChanged, change_policy, current_policy
from posture.accounts.models import APIToken
from posture.accounts.visibility import visible
from posture.api.body import Body, Choice, Conflict, read_body
from posture.api.endpoint import Endpoint
from posture.api.fields import NoText

BASED_ON = "Number of the version that is changed, 0 for the defaults; another one in force is answered with 409."


class LimitShape(serializers.Serializer[Any]):
    """One limit of the organisation's own."""

    days = serializers.IntegerField(allow_null=True, help_text="Null: no period applies.")
    kind = NoText(help_text="Of which kind. Null: of any.")
    tier = NoText(help_text="Of which tier. Null: of any.")
    environment = NoText(help_text="Of which environment. Null: of any.")
    reason = NoText(help_text="Why.")
    is_looser = serializers.BooleanField(help_text="Whether it allows a longer life than the standards do.")


class PolicyShape(serializers.Serializer[Any]):
    """One version of the policy, as it was from one moment on."""

    number = serializers.IntegerField()
    limits = LimitShape(source="told_limits", many=True)
    unused_human_days = serializers.IntegerField(help_text="After how many days without use a person is dormant.")
    unused_machine_days = serializers.IntegerField(help_text="After how many days without use a machine is dormant.")
    most_readers = serializers.DictField(
        child=serializers.IntegerField(), help_text="By tier, how many identities may read a secret of it."
    )
    note = serializers.CharField(help_text="Why it was changed.")
    made_by = serializers.CharField(source="made_by.name", help_text="Name of who made it.")
    made_at = serializers.DateTimeField()


class StandardShape(serializers.Serializer[Any]):
    """What a standard allows for one kind."""

    kind = serializers.CharField()
    days = serializers.IntegerField(allow_null=True, help_text="Null: no period applies.")
    source = serializers.CharField(help_text="Which standard says so.")  # type: ignore[assignment]
    note = NoText()


class InForceShape(serializers.Serializer[Any]):
    """What is in force now."""

    number = serializers.IntegerField(help_text="Of the version; 0: only the defaults.")
    limits = LimitShape(many=True, help_text="The organisation's own, which beat every default.")
    defaults = StandardShape(many=True, help_text="From the standards, by kind.")
    ceiling_days = serializers.IntegerField(help_text="For whatever has no default.")
    unused_human_days = serializers.IntegerField()
    unused_machine_days = serializers.IntegerField()
    most_readers = serializers.DictField(child=serializers.IntegerField(), help_text="By tier; without one: no limit.")


class TeamCount(serializers.Serializer[Any]):
    """How many secrets of one team."""

    team = NoText(help_text="Its name. Null: nobody owns them.")
    secrets = serializers.IntegerField()


class SecretName(serializers.Serializer[Any]):
    """A secret by path."""

    id = serializers.IntegerField(source="pk")
    path = serializers.CharField()


class PreviewShape(serializers.Serializer[Any]):
    """What a change would make stale; nothing was changed."""

    stale_now = serializers.IntegerField()
    stale_then = serializers.IntegerField()
    newly_stale = serializers.IntegerField()
    no_longer_stale = serializers.IntegerField()
    teams = TeamCount(source="told_teams", many=True, help_text="By team, how many become stale.")
    secrets = SecretName(source="named", many=True, help_text=f"The first of them, {NAMED} at most.")


class LimitBody(Body):
    """One limit: for which secrets, and how many days."""

    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, allow_null=True, help_text="Null: no period.")
    kind = Choice([], required=False, default="", allow_blank=True, help_text="Empty: any.")
    tier = Choice(Tier.choices, required=False, default="", allow_blank=True, help_text="Empty: any.")
    environment = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        """Name the kinds that there are, which collectors and the defaults say."""
        kinds = Choice([each for each in kind_choices() if each[0]], required=False, default="", allow_blank=True)
        return {**super().get_fields(), "kind": kinds}


class PreviewBody(Body):
    """The limits of a change."""

    limits = serializers.ListField(
        child=LimitBody(), max_length=MOST_ROWS, help_text="All limits of the organisation's own after it."
    )


class ReadersBody(Body):
    """By tier, how many identities may read a secret of it; a tier that is left out has no limit."""

    def get_fields(self) -> dict[str, Any]:
        """Name the tiers."""
        return {tier: serializers.IntegerField(min_value=0, max_value=100_000, required=False) for tier in Tier.values}


class PolicyBody(PreviewBody):
    """A whole new version."""

    unused_human_days = serializers.IntegerField(min_value=1, max_value=365)
    unused_machine_days = serializers.IntegerField(min_value=1, max_value=365)
    most_readers = ReadersBody(required=False, default=dict)
    note = serializers.CharField(max_length=500, help_text="Why it is changed.")
    based_on = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text=BASED_ON)


class Policies(Endpoint):
    """The versions of the policy, the newest first: how long secrets may live, and when an identity is dormant."""

    queryset = PolicyVersion.objects.select_related("made_by")
    serializer_class = PolicyShape
    newest_first = True
    lookup_field = "number"
    write_scope = APIToken.Scope.POLICIES
    names: ClassVar[dict[str, tuple[type, str]]] = {"number": (int, "Number of the version.")}
    bodies: ClassVar[dict[str, Any]] = {"create": PolicyBody, "preview": PreviewBody}
    statuses: ClassVar[dict[str, int]] = {"create": 201, "preview": 200}

    def get_queryset(self) -> QuerySet[PolicyVersion]:
        """Return all versions: what is allowed is everybody's to know."""
        return PolicyVersion.objects.select_related("made_by")

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Read the limits as they are stored."""
        for row in rows:
            row.told_limits = [LimitRow.from_json(limit) for limit in row.rows]
        return rows

    @action(detail=False, serializer_class=InForceShape, pagination_class=None)
    def current(self, request: Request) -> Response:
        """Answer with what is in force: the newest version, and the standards behind it."""
        policy = current_policy()
        human, machine = unused_days()
        told = {
            "number": policy.number if policy else 0,
            "limits": self.prepared([policy])[0].told_limits if policy else [],
            "defaults": [{"kind": rule.kind, **asdict(rule.limit)} for rule in DEFAULTS if rule.kind],
            "ceiling_days": CEILING.days,
            "unused_human_days": human,
            "unused_machine_days": machine,
            "most_readers": policy.most_readers if policy else {},
        }
        return Response(self.get_serializer(told).data)

    @action(detail=False, methods=["post"], serializer_class=PreviewShape, pagination_class=None)
    def preview(self, request: Request) -> Response:
        """Say what these limits would make stale; for security engineers, and nothing is changed."""
        self._let_engineers_through()
        found = preview(visible(Secret.objects.all(), self.viewer), self._limits(read_body(PreviewBody, request)))
        vars(found)["told_teams"] = [{"team": name, "secrets": number} for name, number in found.teams]
        return Response(self.get_serializer(found).data)

    def create(self, request: Request) -> Response:
        """Make a new version of the policy, and have every secret judged anew; for security engineers."""
        self._let_engineers_through()
        body = read_body(PolicyBody, request)
        words = {name: body[name] for name in ("unused_human_days", "unused_machine_days", "most_readers", "note")}
        try:
            made = change_policy(rows=self._limits(body), by=self.viewer, based_on=body["based_on"], **words)
        except PolicyChanged as changed:
            raise Conflict(str(changed)) from changed
        return Response(self.get_serializer(self.prepared([made])[0]).data, status=status.HTTP_201_CREATED)

    def _let_engineers_through(self) -> None:
        if not self.viewer.configures:
            raise PermissionDenied("Security engineers change policies. Ask one of them.")

    def _limits(self, body: dict[str, Any]) -> list[LimitRow]:
        return [LimitRow(**limit) for limit in body["limits"]]
