"""Assets over the API, and the rules that say whose they are."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inventory import listings
from inventory.api.selected import KeyPages, SelectedEndpoint
from inventory.api.shapes import Skip, team_field
from inventory.keyset import Key, Order
from inventory.models import Asset, OwnershipRule
from inventory.models.assets import OwnershipKind, Tier, Visibility
from inventory.queries import asset_figures, exposures_by_asset
from posture.api.endpoint import Listing
from posture.api.fields import NoChoice, NoText


class AssetShape(serializers.Serializer[Any]):
    """A repository or another thing that a source holds."""

    id = serializers.IntegerField(source="pk")
    kind = serializers.CharField(help_text="What it is, such as `repository`.")
    name = serializers.CharField()
    team = team_field()
    owner_kind = NoChoice(OwnershipKind.choices, help_text="What gives it to the team. Null: nobody owns it.")
    owner_reason = NoText(help_text="Why that team, in words.")
    visibility = serializers.ChoiceField(Visibility.choices, help_text="Who can read it.")
    environment = NoText(help_text="Null: not known.")
    tier = NoChoice(Tier.choices, help_text="How much harm its loss would do. Null: nobody said, counted as medium.")
    exposures = serializers.IntegerField(source="told_exposures", help_text="Present exposures in it that you see.")
    default_ref = NoText(help_text="The default branch.")
    tip = NoText(help_text="The commit at its tip when it was last read.")
    is_fresh = serializers.BooleanField(help_text="Whether it was read to its end in time; else what is said is old.")
    last_status = NoText(help_text="How the newest read ended, as of a run. Null: none ended yet.")
    last_read_at = serializers.DateTimeField(allow_null=True, help_text="When a read last ended.")
    last_complete_at = serializers.DateTimeField(allow_null=True, help_text="When it was last read to its end.")
    unread = Skip(many=True, help_text="What could not be read and why. Empty: all was read, where a read ended.")
    first_seen_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField()
    gone_at = serializers.DateTimeField(allow_null=True, help_text="When its source no longer held it. Null: it does.")
    source = serializers.IntegerField(  # type: ignore[assignment]
        source="told_source", allow_null=True, help_text="Id of its source; for those who see everything."
    )
    locator = NoText(source="told_locator", help_text="How the collector finds it; for security engineers.")


class AssetFiguresShape(serializers.Serializer[Any]):
    """The numbers above a list of assets."""

    total = serializers.IntegerField()
    fresh = serializers.IntegerField(help_text="Read to their end in time.")
    never = serializers.IntegerField(help_text="Never read to their end.")
    partial = serializers.IntegerField(help_text="Newest read skipped something.")  # type: ignore[assignment]
    unowned = serializers.IntegerField(help_text="That no team owns.")


class Assets(SelectedEndpoint):
    """What the sources hold, whose it is and why, and how well it was read."""

    queryset = Asset.objects.select_related("team").defer("codeowners", "cursor")
    serializer_class = AssetShape
    select = staticmethod(listings.assets)
    rows = staticmethod(listings.asset_rows)
    narrowed_actions = ("list", "figures")
    more_parameters: ClassVar[tuple[OpenApiParameter, ...]] = (
        OpenApiParameter("source", int, description="A source by id; for those who see everything."),
    )

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Add how many exposures the viewer sees, and what only some may know."""
        counts = exposures_by_asset(self.viewer, rows)
        for row in rows:
            row.told_exposures = counts.get(row.pk, 0)
            row.told_source = row.source_id if self.viewer.sees_everything else None
            row.told_locator = row.locator if self.viewer.configures else ""
        return rows

    @action(detail=False, serializer_class=AssetFiguresShape, pagination_class=None)
    def figures(self, request: Request) -> Response:
        """Count the assets that the filters select."""
        return Response(self.get_serializer(asset_figures(self.narrowed(self.get_queryset()))).data)


class OwnershipRuleShape(serializers.Serializer[Any]):
    """A rule that gives what it matches to a team, and may say what it is."""

    id = serializers.IntegerField(source="pk")
    position = serializers.IntegerField(help_text="The first rule in order that matches wins.")
    match = serializers.CharField(help_text="`repository:pay-*` by name, `path:services/pay/**` by path.")
    team = team_field(words="Slug of the team. Null: it gives to none.")
    tier = NoChoice(Tier.choices, help_text="What it says of the tier. Null: nothing.")
    environment = NoText(help_text="What it says of the environment. Null: nothing.")
    visibility = NoChoice(Visibility.choices, help_text="What it says of who can read. Null: nothing.")


class OwnershipRules(Listing):
    """The organisation's rules of ownership, in order; for those who see everything."""

    queryset = OwnershipRule.objects.select_related("team")
    serializer_class = OwnershipRuleShape
    pagination_class = KeyPages
    for_overseers = True
    order = Order((Key("position", int),))
