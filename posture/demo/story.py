"""What a story is: a fake secret that enters a repository, and perhaps leaves it again."""

from __future__ import annotations

from dataclasses import dataclass

from posture.demo.description import Where
from posture.demo.values import Values


@dataclass(frozen=True)
class Slot:
    """One place for a secret in a file."""

    kind: str
    value: str
    """Name of the value; equal names are equal values everywhere."""
    clean: str = ""
    """What stands there before and after."""


@dataclass(frozen=True)
class Story:
    """A file of one repository that holds secrets for some time.

    In `text` a slot is `<name>`. `appears` and `removed` are days before now. With `branch` the
    file changes there: a branch that is `merged` brings its secrets to the default branch, unless
    they are removed while still on it; any other stays open.
    """

    repository: str
    path: str
    text: str
    slots: dict[str, Slot]
    appears: float
    message: str
    where: Where
    removed: float | None = None
    removal: str = "Read secrets from the environment"
    branch: str | None = None
    merged: float | None = None
    since: float | None = None
    """When the file came without the secret, where it did."""
    author: str | None = None
    """A person outside the team, or who has left."""

    def dirty(self, values: Values) -> str:
        """The file with its secrets."""
        return self._filled({name: values.get(slot.value, slot.kind) for name, slot in self.slots.items()})

    @property
    def tidy(self) -> str:
        """The file without any secret."""
        return self._filled({name: slot.clean for name, slot in self.slots.items()})

    @property
    def keeps_file(self) -> bool:
        """Whether the file stays when the secret goes."""
        return all(slot.clean for slot in self.slots.values())

    def _filled(self, by_name: dict[str, str]) -> str:
        text = self.text
        for name, content in by_name.items():
            text = text.replace(f"<{name}>", content)
        return text
