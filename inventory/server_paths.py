"""What an error says of the server's folders is for those who run it; everybody else gets the last name of a path."""

from __future__ import annotations

import re

# An absolute path of at least two parts that is no part of an address.
_PATH = re.compile(r"(?<![\w.:/…])/(?:[^\s/`'\"<>]+/)+([^\s/`'\"<>,;)]*)")


def without_server_paths(text: str) -> str:
    """Return a text in which each path on the server is cut to its last name."""
    return _PATH.sub(r"…/\1", text)
