"""Keeps the token of a sign-in link out of every log line that names an address (SECURITY W22).

The token stands in the path, since a link must work without JavaScript. Whoever reads a log while a link
is still unused could use it, so that the loggers which write paths and referrers have it cut out.
A proxy in front of us has logs of its own: the README says what to leave out there.
"""

from __future__ import annotations

import logging
import re

# Django's own (4xx and 5xx answers, refused CSRF), the development server's, and gunicorn's.
_LOGGERS = ("django.request", "django.security.csrf", "django.server", "gunicorn.access", "gunicorn.error")
_LINK = re.compile(r"(/sign-in/)[^/\s\"?#]+")


class LinkFilter(logging.Filter):
    """Replaces the token in a record by dots."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the record in place; every record passes."""
        message = record.getMessage()
        cleaned = _LINK.sub(r"\1…", message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True


def keep_links_out_of_logs() -> None:
    """Add the filter to each logger once."""
    for name in _LOGGERS:
        target = logging.getLogger(name)
        if not any(isinstance(each, LinkFilter) for each in target.filters):
            target.addFilter(LinkFilter())
