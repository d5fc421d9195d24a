"""Makes the broker of files safe to read while it is written: a message appears whole or not at all.

The library opens a message under its final name and writes afterwards, so that a worker that looks in between reads
half a message and ends. Here it is written under another name and renamed.
"""

from __future__ import annotations

import os
import time
import uuid
from typing import Any

from kombu.transport.filesystem import Channel, Transport
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class WholeMessages(Channel):
    """A channel whose messages are never seen half written."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        final = os.path.join(self.data_folder_out, name)
        with open(f"{final}.part", "wb") as handle:
            handle.write(str_to_bytes(dumps(payload)))
        os.replace(f"{final}.part", final)


def install() -> None:
    """Have every connection to a broker of files use it."""
    Transport.Channel = WholeMessages
