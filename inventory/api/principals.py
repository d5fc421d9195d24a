"""Principals over the API: the list of the page, one of them with what it has, and the rules that reach it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inventory import principal_listing
from inventory.api.selected import KeyPages, SelectedEndpoint
from inventory.api.shapes import AssetName, FactsField, team_field
from inventory.effective_access import groups_above
from inventory.keyset import Order
from inventory.models import Grant, Principal
from inventory.models.assets import OwnershipKind
from inventory.store_records import Capability, PrincipalKind
from posture.accounts.visibility import visible
from posture.api.endpoint import Listing
from posture.api.fields import NoChoice, NoText

KINDS = [(each.value, each.label) for each in PrincipalKind]
CAPABILITIES = [each.value for each in Capability]
MOST_HELD = 200


class PrincipalName(serializers.Serializer[Any]):
    """A principal by name."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(help_text="As its store names it: raw text, never markup.")
    kind = serializers.ChoiceField(KINDS, help_text="What it is; roles and groups only carry rights.")


class PrincipalShape(PrincipalName):
    """A human, workload, role, group or token that can use secrets."""

    asset = AssetName(help_text="The store that knows it.")
    team = team_field()
    owner_kind = NoChoice(OwnershipKind.choices, help_text="What gives it to the team. Null: nobody owns it.")
    owner_reason = NoText(help_text="Why that team, in words.")
    environment = NoText(help_text="Null: not known.")
    enabled = serializers.BooleanField(allow_null=True, help_text="Null: not known.")
    admin = serializers.BooleanField(
        allow_null=True, help_text="Whether a rule that reaches it carries admin rights. Null: not known."
    )
    wildcard = serializers.BooleanField(
        allow_null=True, help_text="Whether a rule that reaches it fits everything of a store. Null: not known."
    )
    reads = serializers.IntegerField(
        allow_null=True, help_text="How many secrets it can read for certain. Null: not known, or a role or group."
    )
    reads_in = serializers.ListField(
        child=serializers.CharField(allow_blank=True),
        allow_null=True,
        help_text="In which environments these are; an empty text stands for not known. Null: not known at all.",
    )
    granted = serializers.IntegerField(allow_null=True, help_text="Rights that it has. Null: its store does not count.")
    used = serializers.IntegerField(allow_null=True, help_text="Rights of these that it used. Null: not known.")
    created_at = serializers.DateTimeField(allow_null=True, help_text="Null: not known.")
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="Null: not known.")
    expires_at = serializers.DateTimeField(allow_null=True, help_text="Null: never, or not known.")
    exempt_until = serializers.DateField(
        allow_null=True, help_text="Last day of an approved exemption from what is said of its rights and its use."
    )
    first_seen_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField(help_text="What is said of it is as of then.")
    gone_at = serializers.DateTimeField(allow_null=True, help_text="When its store no longer knew it. Null: it does.")


class HeldShape(serializers.Serializer[Any]):
    """A role, group or policy that a principal has."""

    id = serializers.IntegerField(allow_null=True, help_text="Null: its own address is not for you.")
    name = serializers.CharField()


class PrincipalDetailShape(PrincipalShape):
    """A principal with its evidence and what it has."""

    evidence = FactsField(help_text="By field: which answer of the store says so, or why it is not known.")
    attributes = FactsField(help_text="What else its store says of it, by label.")
    has = HeldShape(
        source="told_has", many=True, help_text=f"Roles, groups and policies, directly or not; {MOST_HELD} at most."
    )


class PrincipalFiguresShape(serializers.Serializer[Any]):
    """The numbers above a list of principals; one may be in several."""

    total = serializers.IntegerField()
    admin = serializers.IntegerField(help_text="With admin rights, in use and not exempt.")
    wildcard = serializers.IntegerField(help_text="With rights to everything of a store, in use and not exempt.")
    dormant = serializers.IntegerField(help_text="Not used for longer than the policy lets them be.")
    unknown = serializers.IntegerField(help_text="Of which nobody knows when they were last used.")
    off = serializers.IntegerField(help_text="Switched off or expired.")
    exempt = serializers.IntegerField(help_text="Exempt for a time.")


class Principals(SelectedEndpoint):
    """Who and what can use secrets: how powerful, how used, whose."""

    queryset = Principal.objects.select_related("asset", "team").defer(
        "asset__codeowners", "asset__cursor", "member_of"
    )
    serializer_class = PrincipalShape
    detail_serializer_class = PrincipalDetailShape
    select = staticmethod(principal_listing.principals)
    rows = staticmethod(principal_listing.principal_rows)
    narrowed_actions = ("list", "figures")
    words: ClassVar[dict[str, str]] = {
        "kind": "What it is; roles and groups only carry rights.",
        "state": "What can be said of it; several may be.",
        "environments": "Environments in all of which it can read: `production,staging`.",
    }

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Add what one principal has."""
        if self.action == "retrieve":
            above = list(groups_above(rows[0].pk).items())[:MOST_HELD]
            seen = visible(Principal.objects.filter(pk__in=[pk for pk, _ in above]), self.viewer)
            open_to = set(seen.values_list("pk", flat=True))
            rows[0].told_has = [{"id": pk if pk in open_to else None, "name": name} for pk, name in above]
        return rows

    @action(detail=False, serializer_class=PrincipalFiguresShape, pagination_class=None)
    def figures(self, request: Request) -> Response:
        """Count the principals that the filters select."""
        counts = principal_listing.principal_figures(self.narrowed(self.get_queryset()))
        return Response(self.get_serializer(counts).data)


class GrantShape(serializers.Serializer[Any]):
    """One rule that reaches a principal."""

    id = serializers.IntegerField(source="pk")
    through = NoText(
        source="told_through", help_text="Name of the role, group or policy that carries it. Null: it is its own."
    )
    rule = serializers.CharField(help_text="In the words of its store: raw text, never markup.")
    pattern = serializers.CharField(help_text="Which addresses it means, as its store writes patterns.")
    capabilities = serializers.ListField(
        child=serializers.ChoiceField(CAPABILITIES), help_text="What it allows, or denies."
    )
    deny = serializers.BooleanField(help_text="Whether it takes the right away, whatever else allows it.")
    condition = NoText(help_text="When it holds, where that cannot be judged from here. Null: always.")
    admin = serializers.BooleanField()
    wildcard = serializers.BooleanField(help_text="Whether it means everything of a store.")
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="Null: not known.")
    first_seen_at = serializers.DateTimeField()


class PrincipalGrants(Listing):
    """Every rule that reaches a principal that you see: its own, and those of its roles, groups and policies."""

    queryset = Grant.objects.present()
    serializer_class = GrantShape
    pagination_class = KeyPages
    order = Order(())

    def get_queryset(self) -> QuerySet[Grant]:
        """Return the rules; whoever may see a principal may see what its rights come from."""
        if getattr(self, "swagger_fake_view", False):
            return Grant.objects.none()
        principals = visible(Principal.objects.all(), self.viewer)
        self.holder: Principal = get_object_or_404(principals, pk=self.kwargs["pk"])
        self.above = groups_above(self.holder.pk)
        return Grant.objects.present().filter(principal__in=[self.holder.pk, *self.above])

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Say through what each rule reaches the principal."""
        for row in rows:
            row.told_through = self.above.get(row.principal_id, "")
        return rows
