"""Parts of an answer in JSON, whatever stands in their place."""

from __future__ import annotations

from typing import Any


def entries(answer: Any, name: str) -> list[dict[str, Any]]:
    """Return the objects that an answer lists under a name; nothing where it lists none."""
    listed = answer.get(name) if isinstance(answer, dict) else None
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def texts(answer: Any, name: str) -> list[str]:
    """Return the texts that an answer lists under a name."""
    listed = answer.get(name) if isinstance(answer, dict) else None
    return [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []


def part(answer: Any, *names: str) -> dict[str, Any]:
    """Return an object within an answer, by the names that lead to it; an empty one where there is none."""
    for name in names:
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer if isinstance(answer, dict) else {}


__all__ = ["entries", "part", "texts"]
