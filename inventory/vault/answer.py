"""What a Vault or OpenBao server answered, and what is not known where it did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inventory.collector import CollectorError


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: what it holds, or the status that stands for nothing."""

    status: int
    data: Mapping[str, Any] = field(default_factory=dict)
    empty: bool = False
    """The path is known there and holds nothing."""

    @property
    def ok(self) -> bool:
        """Whether it holds what was asked for."""
        return self.status == 200

    @property
    def why(self) -> str:
        """Return why it says nothing, for evidence and skips."""
        if self.status == 403:
            return "Vault does not allow it (403)"
        if self.status in (404, 405, 501):
            return f"Vault does not offer it ({self.status})"
        return f"Vault refused it ({self.status})"

    def text(self, name: str) -> str:
        """Return a text that it holds, or nothing."""
        value = self.data.get(name)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Return a list of texts that it holds, as far as it is one."""
        value = self.data.get(name)
        return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []

    def table(self, name: str) -> Mapping[str, Any]:
        """Return an object that it holds, or an empty one."""
        value = self.data.get(name)
        return value if isinstance(value, dict) else {}


class Unanswered(Exception):
    """A list that the server does not hand out."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.why)
        self.answer = answer

    @property
    def hides(self) -> bool:
        """Whether there may be something all the same: it was refused, not unknown to the server."""
        return self.answer.status not in (404, 405, 501)


class TokenRefused(CollectorError):
    """The server does not know the token any more, so that nothing more can be read."""

    def __init__(self) -> None:
        super().__init__(
            "Vault does not accept the credential (403): it has expired, was revoked, or is for another server or "
            "namespace. Make a new one, store it under the same name and collect again.",
            permanent=True,
        )


__all__ = ["Answer", "TokenRefused", "Unanswered"]
