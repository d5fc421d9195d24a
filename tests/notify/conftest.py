"""A kind to tell of, as a slice would register it."""

import pytest

from posture.notify import kinds
from posture.notify.message import Message


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    """Return a kind that goes at once, among the registered ones for the length of one test."""
    monkeypatch.setattr(kinds, "_KINDS", dict(kinds._KINDS))
    return kinds.register_kind("test.opened", "things that were opened")


@pytest.fixture
def message():
    """Make a message: `message(key="other")`."""

    def make(**given):
        whole = {
            "kind": "test.opened",
            "key": "thing:1:opened",
            "subject": "A thing was opened",
            "lines": ("Its owner is the team Payments.", "Rotate it by Friday."),
            "url": "/things/1/",
        }
        return Message(**(whole | given))

    return make
