"""Reuse over the API: values in several stored secrets, and what borders between environments they cross."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from django.http import QueryDict
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.api.selected import AFTER, BEFORE, KeyPages, SelectedEndpoint
from inventory.api.shapes import CREDENTIAL_ID, OpaqueField
from inventory.environment_matrix import Pairs, in_order
from inventory.filters import Selection
from inventory.keyset import BadCursor
from inventory.models import Spread
from inventory.models.spread import SEVERAL
from inventory.reuse import Reused, narrowed, page_of, reused, selection
from inventory.reuse_page import ReusePage
from posture.accounts.models import User
from posture.api import unreadable


class StandsShape(serializers.Serializer[Any]):
    """An environment in which a value stands."""

    environment = serializers.CharField(allow_null=True, help_text="Null: not known.")
    several = serializers.BooleanField(help_text="In several secrets of it.")


class ReusedShape(serializers.Serializer[Any]):
    """A value that stands in several stored secrets."""

    credential = OpaqueField("credential", help_text=CREDENTIAL_ID)
    secrets = serializers.IntegerField(help_text="How many of the secrets that you see hold it.")
    environments = serializers.SerializerMethodField(help_text="Where these are.")
    crosses = serializers.BooleanField(
        allow_null=True,
        help_text="Whether these are several environments. Null: one is not known, or is of a secret you cannot see.",
    )
    secrets_elsewhere = serializers.IntegerField(
        source="elsewhere",
        help_text="How many secrets that you cannot see hold it too; never told of a value that can be guessed.",
    )

    @extend_schema_field(StandsShape(many=True))
    def get_environments(self, row: Reused) -> list[dict[str, Any]]:
        """Return where it stands, from production down."""
        known = row.where.environments
        return [{"environment": name or None, "several": known[name] >= SEVERAL} for name in in_order(known)]


class PairShape(serializers.Serializer[Any]):
    """How many things reach into both of two environments; twice the same: within one."""

    one = serializers.CharField(allow_null=True, help_text="Null: not known.")
    other = serializers.CharField(allow_null=True, help_text="Null: not known.")
    number = serializers.IntegerField()


class ReuseFiguresShape(serializers.Serializer[Any]):
    """What the page of reuse counts, of all that you see."""

    values = serializers.IntegerField(help_text="In several secrets.")
    crossing = serializers.IntegerField(help_text="Of these in several environments for certain.")
    perhaps = serializers.IntegerField(
        help_text="Of these that may cross: one of their environments is not known, or not for you."
    )
    exposed = serializers.IntegerField(help_text="Of these outside of stores too.")
    unread = serializers.IntegerField(
        allow_null=True, help_text="Current versions whose value was not read. Null: more than 10,000."
    )
    identities_crossing = serializers.IntegerField(help_text="Identities that can read in several environments.")
    value_pairs = PairShape(many=True, help_text="Values by environments; within one: in several secrets of it.")
    identity_pairs = PairShape(many=True, help_text="Identities by environments; within one: that can read in it.")


class ReusePages(KeyPages):
    """Pages of rows that were put together already."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return one page's rows."""
        self.base_url = request.build_absolute_uri()
        place = request.query_params.get("cursor", "")
        if place and not place.startswith((AFTER, BEFORE)):
            unreadable()
        direction, _, cursor = place.partition(".")
        chosen = replace(view.selection, **({direction: cursor} if place else {}))
        try:
            self.keyset = page_of(chosen, queryset, self.get_page_size(request))
        except BadCursor:
            unreadable()
        return self.keyset.rows


class Reuse(SelectedEndpoint):
    """Values that stand in several stored secrets, the worst first: in several environments, then in many secrets."""

    queryset = Spread.objects.all()
    serializer_class = ReusedShape
    pagination_class = ReusePages
    open_filters = ("environment",)
    words: ClassVar[dict[str, str]] = {
        "environment": "Stands in all of these environments; one alone: in several secrets of it. `none`: not known.",
        "crosses": "Whether it stands in several environments for certain.",
        "exposed": "Whether it stands outside of stores too.",
        "team": "In secrets of a team by slug, and of the teams below it.",
    }

    def select(self, viewer: User, address: QueryDict) -> Selection:
        """Read the address, for which the values have to be known."""
        self.every = reused(viewer)
        return selection(viewer, address, {row.where for row in self.every})

    def narrowed(self, rows: Any) -> Any:
        """Return the values that the selection keeps."""
        return narrowed(self.viewer, self.selection, self.every)

    @action(detail=False, serializer_class=ReuseFiguresShape, pagination_class=None)
    def figures(self, request: Request) -> Response:
        """Count all values in several secrets and all identities, by the environments that they reach into."""
        page = ReusePage(self.viewer, QueryDict())
        told = {
            "values": page.total,
            "crossing": page.crossing,
            "perhaps": page.perhaps,
            "exposed": page.exposed,
            "unread": None if page.unread_is_capped else page.unread,
            "identities_crossing": page.identities_crossing,
            "value_pairs": _told(page.value_pairs),
            "identity_pairs": _told(page.identity_pairs),
        }
        return Response(self.get_serializer(told).data)


def _told(pairs: Pairs) -> list[dict[str, Any]]:
    return [
        {"one": one or None, "other": other or None, "number": number}
        for (one, other), number in sorted(pairs.items())
        if number
    ]
