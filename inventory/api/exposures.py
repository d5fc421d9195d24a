"""Exposures over the API: the list of the page, one of them, and the figures above the list."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inventory import listings
from inventory.api.selected import SelectedEndpoint
from inventory.api.shapes import OPAQUE, AssetName, CredentialFacts, OpaqueField, team_field
from inventory.api.told import tell_managed
from inventory.models import Exposure
from inventory.models.assets import OwnershipKind
from inventory.queries import COUNTED, exposure_figures
from inventory.seen import tell_of_place
from posture.accounts.opaque import row_number
from posture.api.endpoint import Listing
from posture.api.fields import NoChoice, NoText


class FirstCommit(serializers.Serializer[Any]):
    """The commit that brought it."""

    commit = serializers.CharField(source="first_commit", help_text="Its id.")
    author = serializers.CharField(source="first_author", help_text="As the commit names them.")
    at = serializers.DateTimeField(source="first_at", help_text="As the commit dates itself.")
    line = serializers.IntegerField(source="first_line", help_text="Line of the file in that commit, from 1.")


class LatestCommit(serializers.Serializer[Any]):
    """The newest commit that wrote it."""

    commit = serializers.CharField(source="latest_commit", help_text="Its id.")
    author = serializers.CharField(source="latest_author", help_text="As the commit names them.")
    at = serializers.DateTimeField(source="latest_at", help_text="As the commit dates itself.")
    line = serializers.IntegerField(source="latest_line", help_text="Line of the file in that commit, from 1.")


class ExposureShape(serializers.Serializer[Any]):
    """One place outside a store where a credential's value stands."""

    id = OpaqueField("exposure", source="pk", help_text="Your id of the exposure.")
    credential = CredentialFacts()
    asset = AssetName()
    path = serializers.CharField(help_text="Path of the file as the repository has it: raw text, never markup.")
    place = serializers.ChoiceField(Exposure.Place.choices, help_text="Where it stands, the worst first.")
    in_test_path = serializers.BooleanField(help_text="Whether the path looks like that of a test or an example.")
    first = FirstCommit(source="*")
    latest = LatestCommit(source="*")
    removed_commit = NoText(help_text="The commit that took it off the default branch.")
    removed_author = NoText(help_text="As the commit names them.")
    removed_at = serializers.DateTimeField(allow_null=True, help_text="As the commit dates itself.")
    team = team_field()
    owner_kind = NoChoice(OwnershipKind.choices, help_text="What gives it to the team. Null: nobody owns it.")
    owner_reason = NoText(help_text="Why that team, in words.")
    first_seen_at = serializers.DateTimeField(help_text="When a collection first found it.")
    last_seen_at = serializers.DateTimeField(help_text="When a collection last found it.")
    gone_at = serializers.DateTimeField(allow_null=True, help_text="When no ref reached it any more. Null: it stands.")


class ExposureFiguresShape(serializers.Serializer[Any]):
    """The numbers above a list of exposures. Where there are very many, all but a lower bound of the total is null."""

    total = serializers.IntegerField(help_text=f"How many; above {COUNTED:,} it only says: more than that.")
    valid = serializers.IntegerField(allow_null=True, help_text="Those that still work.")
    validity_unknown = serializers.IntegerField(allow_null=True, help_text="Those of which nobody knows.")
    tip = serializers.IntegerField(allow_null=True, help_text="Those at the tip of a default branch.")
    history = serializers.IntegerField(allow_null=True, help_text="Those in history only.")
    unowned = serializers.IntegerField(allow_null=True, help_text="Those that no team owns.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Say "not known" where nothing but the total's lower bound was counted."""
        shown: dict[str, Any] = super().to_representation(instance)
        return {name: value if name == "total" or not instance.is_capped else None for name, value in shown.items()}


class Exposures(SelectedEndpoint):
    """Places outside a store where a credential's value stands."""

    queryset = Exposure.objects.select_related("asset", "credential", "team").defer(
        "asset__codeowners", "asset__cursor"
    )
    serializer_class = ExposureShape
    select = staticmethod(listings.exposures)
    rows = staticmethod(listings.exposure_rows)
    opaque = "exposure"
    lookup_url_kwarg = "opaque"
    lookup_value_regex = OPAQUE
    narrowed_actions = ("list", "figures")
    names: ClassVar[dict[str, tuple[type, str]]] = {"opaque": (str, "Your id of the exposure, from the list.")}

    def get_object(self) -> Any:
        """Find the row behind the viewer's id."""
        return find_opaque(self, "exposure")

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Have each credential say what its place says, and add whether it is managed."""
        for row in rows:
            tell_of_place(row)
        tell_managed(self.viewer, [row.credential for row in rows])
        return rows

    @action(detail=False, serializer_class=ExposureFiguresShape, pagination_class=None)
    def figures(self, request: Request) -> Response:
        """Count the exposures that the filters select."""
        figures = exposure_figures(self.narrowed(self.get_queryset()))
        return Response(self.get_serializer(figures).data)


def find_opaque(endpoint: Listing, kind: str) -> Any:
    """Return the visible row behind a viewer's id.

    Raises:
        Http404: there is none that the viewer may see.
    """
    number = row_number(endpoint.viewer, kind, endpoint.kwargs["opaque"])
    row = endpoint.get_queryset().filter(pk=number).first() if number is not None else None
    if row is None:
        raise Http404
    return row
