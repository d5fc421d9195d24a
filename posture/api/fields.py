"""Fields of answers: what is not known is null, never an empty text."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class NoText(serializers.CharField):
    """A text that may be not known: empty is told as null."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, **options)

    def to_representation(self, value: Any) -> Any:
        """Return the text, or None."""
        return super().to_representation(value) or None


class NoChoice(serializers.ChoiceField):
    """One of a few words that may be not known: empty is told as null."""

    def __init__(self, choices: Any, **options: Any) -> None:
        super().__init__([each for each in choices if each[0]], allow_null=True, **options)

    def to_representation(self, value: Any) -> Any:
        """Return the word, or None."""
        return super().to_representation(value) or None
