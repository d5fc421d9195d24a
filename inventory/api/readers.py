"""Who can read a secret, over the API: every identity with what it may do and by which rule."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from inventory.api.principals import CAPABILITIES, PrincipalName
from inventory.effective_access import Reader, readers_of
from inventory.models import Principal, Secret
from inventory.store_records import Capability
from posture.accounts.opaque import opaque_id, row_number
from posture.accounts.visibility import visible
from posture.api import Pages, unreadable
from posture.api.endpoint import Listing
from posture.api.parameters import Parameter

KIND = "reader"


class ReaderShape(serializers.Serializer[Any]):
    """One identity that can read the secret."""

    principal = PrincipalName(allow_null=True, help_text="Null: an identity of a team that you do not see.")
    certain = serializers.BooleanField(help_text="Whether it can for certain; no: only under a condition of a rule.")
    can = serializers.ListField(child=serializers.ChoiceField(CAPABILITIES), help_text="What it can do for certain.")
    may = serializers.ListField(
        child=serializers.ChoiceField(CAPABILITIES),
        help_text="What it can do where a condition holds.",
    )
    rules = serializers.ListField(
        child=serializers.CharField(), help_text="The rules that say so; empty where the identity is not yours to see."
    )


class ReaderPages(Pages):
    """Pages of readers in the order of their rows, told by ids that are the viewer's own."""

    known = True
    """Whether the store told who may read at all; an empty list says "nobody" only then."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return one page of readers; they are worked out as a whole, and cut here."""
        readers: list[Reader] = queryset
        self.base_url = request.build_absolute_uri()
        size, viewer = self.get_page_size(request), view.viewer
        start = self._start(readers, request.query_params.get("cursor", ""), viewer)
        self._next = opaque_id(viewer, KIND, readers[start + size].principal) if start + size < len(readers) else ""
        first = max(start - size, 0)
        self._previous = opaque_id(viewer, KIND, readers[first].principal) if start else ""
        return readers[start : start + size]

    def _start(self, readers: list[Reader], cursor: str, viewer: Any) -> int:
        if not cursor:
            return 0
        number = row_number(viewer, KIND, cursor)
        if number is None:
            unreadable()
        # The row itself may have lost its rights meanwhile: the page begins where it would stand.
        return next((place for place, each in enumerate(readers) if each.principal >= number), len(readers))

    def get_next_link(self) -> str | None:
        """Return the address of what comes after."""
        return replace_query_param(str(self.base_url), "cursor", self._next) if self._next else None

    def get_previous_link(self) -> str | None:
        """Return the address of what comes before."""
        return replace_query_param(str(self.base_url), "cursor", self._previous) if self._previous else None

    def get_paginated_response(self, data: Any) -> Response:
        """Say with each page whether the answer is known at all."""
        response = super().get_paginated_response(data)
        response.data = {"known": self.known, **response.data}
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page."""
        page = super().get_paginated_response_schema(schema)
        words = "Whether the store told its rights. No: the list says nothing, and not that nobody can."
        page["properties"] = {"known": {"type": "boolean", "description": words}, **page["properties"]}
        page["required"] = ["known", *page["required"]]
        return page


class SecretReaders(Listing):
    """Who can use a secret that you see, by which rule: of identities that you do not see only that there is one."""

    queryset = Secret.objects.select_related("asset")
    serializer_class = ReaderShape
    pagination_class = ReaderPages
    parameters = (
        Parameter(
            "capability",
            "What they can do with it, `read` unless told.",
            lambda rows, given: rows,
            choices=CAPABILITIES,
        ),
    )

    @property
    def asked(self) -> Capability:
        """What is asked about; only of what the parameter takes."""
        return Capability(self.request.query_params.get("capability", Capability.READ))

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Name those that the viewer sees."""
        seen = visible(Principal.objects.filter(pk__in=[each.principal for each in rows]), self.viewer)
        named = {row.pk: row for row in seen}
        return [
            {
                "principal": named.get(each.principal),
                "certain": each.allowed.can(self.asked) is True,
                "can": sorted(each.allowed.certain),
                "may": sorted(each.allowed.possible - each.allowed.certain),
                "rules": each.allowed.rules if each.principal in named else (),
            }
            for each in rows
        ]

    def list(self, request: Request, **kwargs: Any) -> Response:
        """Answer with one page."""
        row = get_object_or_404(self.narrowed(self.get_queryset()), pk=self.kwargs["pk"])
        readers = readers_of(row, self.asked)
        pages: Any = self.paginator
        pages.known = row.readers is not None or bool(readers)
        rows = pages.paginate_queryset(readers, request, view=self)
        return self.get_paginated_response(self.get_serializer(self.prepared(rows), many=True).data)
