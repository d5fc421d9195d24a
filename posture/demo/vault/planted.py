"""Reads back the fake secrets that stand in the demo's repositories, so that the vault can hold the same ones."""

from __future__ import annotations

import re
from pathlib import Path

from posture.demo.git import git
from posture.demo.stories import STORIES
from posture.demo.story import Story

_SLOT = re.compile(r"<(\w+)>")


def planted_values(root: Path) -> dict[str, tuple[str, str]]:
    """Return every planted secret by its name: its kind and its value, as they stand in the repositories below `root`.

    Raises:
        DemoError: git refuses.
    """
    found: dict[str, tuple[str, str]] = {}
    for story in STORIES:
        if all(slot.value in found for slot in story.slots.values()):
            continue
        for name, value in _values(story, root / f"{story.repository}.git").items():
            slot = story.slots[name]
            found.setdefault(slot.value, (slot.kind, value))
    return found


def _values(story: Story, place: Path) -> dict[str, str]:
    pattern = _pattern(story)
    commits = git("log", "--all", "--full-history", "--format=%H", "--", story.path, folder=place).split()
    for commit in commits:
        # The commit that takes the file away is in the list too, and has none.
        if not git("ls-tree", "--name-only", commit, "--", story.path, folder=place).strip():
            continue
        held = pattern.fullmatch(git("show", f"{commit}:{story.path}", folder=place))
        if held and all(held[name] != slot.clean for name, slot in story.slots.items()):
            return held.groupdict()
    return {}


def _pattern(story: Story) -> re.Pattern[str]:
    parts = _SLOT.split(story.text)
    text = "".join(
        f"(?P<{part}>.+?)" if at % 2 and part in story.slots else re.escape(part if not at % 2 else f"<{part}>")
        for at, part in enumerate(parts)
    )
    return re.compile(text, re.DOTALL)


__all__ = ["planted_values"]
