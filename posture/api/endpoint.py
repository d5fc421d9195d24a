"""What every endpoint is: rows the caller may see, in one page shape, with closed filters."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.urls import URLPattern, URLResolver
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from posture.accounts.models import User
from posture.accounts.visibility import visible
from posture.api import Pages
from posture.api.documented import Documented
from posture.api.parameters import PAGE, Parameter, refuse_unknown


class JSONOnly(DefaultContentNegotiation):
    """Chooses by the Accept header alone, so that `?format=` is a parameter like any unknown one."""

    settings: Any = SimpleNamespace(URL_FORMAT_OVERRIDE=None)


class Listing(GenericViewSet[Any]):
    """An endpoint that lists rows the caller may see. It names its rows, their shape and its filters; no more."""

    http_method_names = ["get", "head", "post"]
    metadata_class = None
    filter_backends = ()
    content_negotiation_class = JSONOnly
    pagination_class: type[BasePagination] = Pages
    schema: Any = Documented()
    lookup_value_regex = r"\d{1,18}"

    parameters: ClassVar[Sequence[Parameter]] = ()
    for_overseers = False
    """Whether only leaders and engineers know that it is there."""
    newest_first = False
    narrowed_actions: ClassVar[tuple[str, ...]] = ("list",)
    """The actions that take the filters."""
    names: ClassVar[dict[str, tuple[type, str]]] = {"id": (int, "The id, from the list.")}
    """What its addresses name, for the schema."""
    bodies: ClassVar[dict[str, Any]] = {}
    """What its writes take, by action."""
    statuses: ClassVar[dict[str, int]] = {}
    """What its writes answer with, by action; 202 unless named."""

    @property
    def viewer(self) -> User:
        """Return who asks; permissions let nobody else in."""
        return cast(User, self.request.user)

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Keep every answer out of every cache."""
        return {**super().default_response_headers, "Cache-Control": "private, no-store"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in who may come in, then refuse what the address asks for and nobody knows."""
        super().initial(request, *args, **kwargs)
        if self.for_overseers and not self.viewer.sees_everything:
            raise NotFound
        if self.action:
            self.check_parameters()

    def check_permissions(self, request: Request) -> None:
        """Count the request before it may be refused: what is forbidden costs as much as what is not."""
        super().check_throttles(request)
        super().check_permissions(request)

    def check_throttles(self, request: Request) -> None:
        """Leave it: the request was counted before its permissions."""

    def check_parameters(self) -> None:
        """Refuse parameters that the action does not have."""
        allowed = [each.name for each in self.parameters] if self.action in self.narrowed_actions else []
        refuse_unknown(self.request, [*allowed, *(PAGE if self.action == "list" else ())])

    def documented_parameters(self) -> list[OpenApiParameter]:
        """Return the filters for the schema."""
        return [each.documented for each in self.parameters]

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows that the caller may see, by the one rule."""
        rows = super().get_queryset()
        return rows.none() if getattr(self, "swagger_fake_view", False) else visible(rows, self.viewer)

    def narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Apply the filters."""
        for each in self.parameters:
            if each.name in self.request.query_params:
                rows = each.apply(rows, self.request.query_params[each.name])
        return rows

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Put on the rows of one page what their shape needs beyond them, in a fixed number of queries."""
        return rows

    def list(self, request: Request, **kwargs: Any) -> Response:
        """Answer with one page."""
        rows = self.paginate_queryset(self.narrowed(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(self.prepared(list(rows or [])), many=True).data)


class Endpoint(Listing):
    """An endpoint that also shows one row; with more of it, where it names a `detail_serializer_class`."""

    detail_serializer_class: type[serializers.BaseSerializer[Any]] | None = None

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        """Return the shape of the action."""
        if self.action == "retrieve" and self.detail_serializer_class is not None:
            return self.detail_serializer_class
        return super().get_serializer_class()

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        """Answer with one row; what the caller may not see does not exist."""
        return Response(self.get_serializer(self.prepared([self.get_object()])[0]).data)


def routes(**endpoints: type[Listing]) -> list[URLPattern | URLResolver]:
    """Return the addresses of a slice's endpoints by the first word of each."""
    router = SimpleRouter()
    for prefix, endpoint in endpoints.items():
        word = prefix.replace("_", "-")
        router.register(word, endpoint, basename=f"api-{word}")
    return router.urls
