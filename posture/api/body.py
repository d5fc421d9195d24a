"""What writes take: a closed set of fields, each read strictly; no refusal repeats what was sent (SECURITY W2, W26)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from posture.api import BadParameter


class Conflict(APIException):
    """Somebody else was first; the message says what to look at."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class Choice(serializers.ChoiceField):
    """One of a few words; the refusal names these and not what was sent."""

    def __init__(self, choices: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(list(choices), **options)
        words = ", ".join(str(value) for value in self.choices)
        self.error_messages["invalid_choice"] = f"This is none of: {words}."


class Body(serializers.Serializer[Any]):
    """The body of one request; it writes nothing itself."""

    def to_internal_value(self, data: Any) -> Any:
        """Read the fields; one that is not known is an error, since it would do nothing."""
        if isinstance(data, dict) and set(data) - set(self.fields):
            raise BadParameter("The body has a field that is not known here.", list(self.fields))
        return super().to_internal_value(data)


def read_body(shape: type[Body], request: Request) -> dict[str, Any]:
    """Return the checked fields of a request.

    Raises:
        ValidationError: with what is wrong, field by field.
        BadParameter: a field is not known.
    """
    body = shape(data=request.data)
    body.is_valid(raise_exception=True)
    checked: dict[str, Any] = body.validated_data
    return checked
