"""Exemptions over the API: what is exempt, until when and why; asking for one, deciding, and ending one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.api.policies import SecretName
from inventory.api.principals import PrincipalName
from inventory.models import Exemption, Principal, Secret
from inventory.services.policies import (
    PolicyChanged,
    PolicyRefused,
    approve_exemption,
    ask_exemption,
    end_exemption,
)
from posture.accounts.models import APIToken
from posture.accounts.visibility import can_act_for, visible
from posture.api import BadParameter
from posture.api.body import Body, Choice, Conflict, read_body
from posture.api.endpoint import Endpoint
from posture.api.fields import NoText
from posture.api.parameters import Parameter, as_number

STATES = ["waiting", "in_force", "over"]
OF_PRINCIPALS = (Exemption.Of.RIGHTS,)


class ExemptionShape(serializers.Serializer[Any]):
    """A secret or a principal that a policy leaves out for a time."""

    id = serializers.IntegerField(source="pk")
    of = serializers.ChoiceField(Exemption.Of.choices, help_text="What it is exempt from.")
    secret = SecretName(allow_null=True)
    principal = PrincipalName(allow_null=True)
    state = serializers.ChoiceField(
        STATES, source="told_state", help_text="`waiting` for a second person, `in_force`, or `over`."
    )
    reason = serializers.CharField()
    ends_on = serializers.DateField(help_text="Its last day.")
    asked_by = serializers.CharField(source="asked_by.name", help_text="Name of who asked.")
    asked_at = serializers.DateTimeField()
    approved_by = NoText(source="approved_by.name", default=None, help_text="Name of who approved. Null: nobody yet.")
    approved_at = serializers.DateTimeField(allow_null=True)
    ended_by = NoText(source="ended_by.name", default=None, help_text="Name of who refused or ended it.")
    ended_at = serializers.DateTimeField(allow_null=True, help_text="When it was refused or ended before its last day.")


class ExemptionBody(Body):
    """Asks that one secret, or one principal, is left out."""

    of = Choice(Exemption.Of.choices, help_text="A principal: `rights`. A secret: one of the others.")
    secret = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, help_text="Id of a secret; or name a principal."
    )
    principal = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, help_text="Id of a principal; or name a secret."
    )
    ends_on = serializers.DateField(help_text="Last day, within the next year.")
    reason = serializers.CharField(max_length=1000, help_text="Whoever decides reads this; a second person decides.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take exactly one thing, and only what such a thing can be exempt from."""
        if ("secret" in attrs) == ("principal" in attrs):
            raise serializers.ValidationError({"secret": "Name either a secret or a principal."})
        if ("principal" in attrs) != (attrs["of"] in OF_PRINCIPALS):
            raise serializers.ValidationError({"of": "A principal is exempt from rights, a secret from the others."})
        return attrs


def _in_state(rows: QuerySet[Exemption], state: str) -> QuerySet[Exemption]:
    today = timezone.localdate()
    over = Q(ended_at__isnull=False) | Q(ends_on__lt=today)
    standing = Q(ended_at=None, ends_on__gte=today)
    conditions = {
        "over": over,
        "waiting": standing & Q(approved_at=None),
        "in_force": standing & Q(approved_at__isnull=False),
    }
    return rows.filter(conditions[state])


class Exemptions(Endpoint):
    """What is exempt from the policy, was, or is asked to be; the newest first."""

    queryset = Exemption.objects.select_related("secret", "principal", "asked_by", "approved_by", "ended_by")
    serializer_class = ExemptionShape
    newest_first = True
    write_scope = APIToken.Scope.POLICIES
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("state", "How it stands.", _in_state, choices=STATES),
        Parameter("of", "From what.", lambda rows, given: rows.filter(of=given), choices=Exemption.Of.values),
        Parameter("secret", "A secret by id.", lambda rows, number: rows.filter(secret=number), as_number),
        Parameter("principal", "A principal by id.", lambda rows, number: rows.filter(principal=number), as_number),
    )
    bodies: ClassVar[dict[str, Any]] = {"create": ExemptionBody}
    statuses: ClassVar[dict[str, int]] = {"create": 201, "approve": 200, "end": 200}

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Say how each stands today."""
        today = timezone.localdate()
        for row in rows:
            is_over = row.ended_at is not None or row.ends_on < today
            row.told_state = "over" if is_over else "in_force" if row.approved_at else "waiting"
        return rows

    def create(self, request: Request) -> Response:
        """Ask for an exemption; for those who act for the team of the secret or the principal."""
        body = read_body(ExemptionBody, request)
        thing = self._thing(body)
        if not can_act_for(self.viewer, thing.team_id):
            raise PermissionDenied("Only those who act for its team can ask for an exemption.")
        words = {name: body[name] for name in ("of", "reason", "ends_on")}
        try:
            made = ask_exemption(thing=thing, by=self.viewer, **words)
        except PolicyChanged as changed:
            raise Conflict(str(changed)) from changed
        except PolicyRefused as refused:
            raise BadParameter(str(refused)) from refused
        return self._told(made, status.HTTP_201_CREATED)

    def _thing(self, body: dict[str, Any]) -> Secret | Principal:
        model: Any = Secret if "secret" in body else Principal
        row: Secret | Principal | None = (
            visible(model.objects.all(), self.viewer).filter(pk=body.get("secret", body.get("principal"))).first()
        )
        if row is None:
            raise Http404
        return row

    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve it; for security leaders and engineers, and never for whoever asked."""
        return self._decided(request, approve_exemption)

    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Refuse it, or end it before its last day; also for whoever asked."""
        return self._decided(request, end_exemption)

    def _decided(self, request: Request, decide: Any) -> Response:
        if request.data:
            raise BadParameter("This address takes no body.")
        row = self.get_object()
        try:
            decide(exemption=row, by=self.viewer)
        except PolicyChanged as changed:
            raise Conflict(str(changed)) from changed
        except PolicyRefused as refused:
            raise PermissionDenied(str(refused)) from refused
        return self._told(row, status.HTTP_200_OK)

    def _told(self, row: Exemption, code: int) -> Response:
        fresh = self.get_queryset().get(pk=row.pk)
        return Response(self.get_serializer(self.prepared([fresh])[0]).data, status=code)
