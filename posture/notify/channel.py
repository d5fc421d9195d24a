"""What a channel is: it hands over one message, or says what became of the attempt."""

from __future__ import annotations

from typing import Protocol

from posture.notify.models import Delivery


class NotSent(Exception):
    """An attempt without success. The reason is our own sentence: nothing that a server said, no address, no value."""

    def __init__(
        self, reason: str, *, permanent: bool = False, doubtful: bool = False, server_down: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        """Trying again won't help."""
        self.doubtful = doubtful
        """It may have been taken all the same: the answer never came."""
        self.server_down = server_down
        """Others by the same way would fail as well, so that they are left alone for now."""


class Carrier(Protocol):
    """One way out, kept open for some messages."""

    def prepare(self) -> None:
        """Get ready, so that what fails here can't have sent anything.

        Raises:
            NotSent: it can't be used now.
        """

    def send(self, delivery: Delivery) -> None:
        """Hand over one message.

        Raises:
            NotSent: it was not taken, or that is not known.
        """

    def close(self) -> None:
        """Let go of what is open."""
