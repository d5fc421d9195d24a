"""The OpenAPI document, from what the endpoints say of themselves."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

REFUSALS = {
    "400": "A parameter or the body is not right; nothing was done.",
    "401": "No token and no session, or one that is no longer valid.",
    "403": "The caller's role or the token's scopes do not allow it.",
    "404": "There is no such thing, or the caller may not see it.",
    "409": "Somebody else was first; nothing was done.",
    "429": "Too many requests; Retry-After says when to go on.",
    "500": "Something went wrong; the message says under which id it is in the log.",
}


class ErrorDetail(serializers.Serializer[Any]):
    """What went wrong."""

    code = serializers.CharField(help_text="A stable word for programs, such as `not_found`.")
    message = serializers.CharField(help_text="What to do next, for people.")
    fields_ = serializers.DictField(required=False, help_text="By field of the body, what is not right.")
    allowed = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="What the parameter takes, where the set is closed."
    )

    def get_fields(self) -> dict[str, Any]:
        """Name the field as the answer does; `fields` itself is taken on a serializer class."""
        return {name.rstrip("_"): each for name, each in super().get_fields().items()}


class Error(serializers.Serializer[Any]):
    """The one shape of every refusal."""

    error = ErrorDetail()


class Documented(AutoSchema):
    """Describes an endpoint by what the endpoint says of itself."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        """Describe the filters, and what the address names."""
        named = [
            OpenApiParameter(name, kind, OpenApiParameter.PATH, description=words)
            for name, (kind, words) in self.view.names.items()
            if f"{{{name}}}" in self.path
        ]
        return named + (self.view.documented_parameters() if self.view.action in self.view.narrowed_actions else [])

    def get_description(self) -> str:  # type: ignore[override]
        """Use the class's words, for further actions their own."""
        shown = self.view if self.view.action in ("list", "retrieve") else getattr(self.view, self.view.action)
        return (shown.__doc__ or "").strip()

    def get_operation_id(self) -> str:
        """Name the operation after its path and action."""
        words = [word.replace("-", "_") for word in self._tokenize_path()]
        return "_".join(words if words[-1] == self.view.action else [*words, self.view.action])

    def get_request_serializer(self) -> Any:
        """Return what the action takes, where it takes a body."""
        return self.view.bodies.get(self.view.action)

    def get_response_serializers(self) -> Any:
        """Say what a write answers with; unless told, what is asked for happens later."""
        shape = self._get_serializer()
        return shape if self.method in SAFE_METHODS else {self.view.statuses.get(self.view.action, 202): shape}

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """Name a shape after its thing."""
        return str(super().get_serializer_name(serializer, direction)).removesuffix("Shape")

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Add the refusals, which are the same everywhere."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            content = {"application/json": {"schema": self.resolve_serializer(Error, "response").ref}}
            for code, words in REFUSALS.items():
                if code == "409" and self.method in SAFE_METHODS:
                    continue
                schema = {"description": words, "content": content}
                refusal = ResolvedComponent(f"Refused{code}", ResolvedComponent.RESPONSE, schema, code)
                self.registry.register_on_missing(refusal)
                operation["responses"][code] = refusal.ref
        return operation


class TokenScheme(OpenApiAuthenticationExtension):
    """Says in the schema how a token is sent."""

    target_class = "posture.accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Describe the header."""
        return {"type": "http", "scheme": "bearer", "description": "A token from Settings, API tokens: `spt_…`."}


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document; it depends on the code alone."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made
