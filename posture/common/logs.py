"""Log lines as JSON, one record a line, so that no text from outside can forge a line."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from posture.common.failure_trace import trace_of


class JSONLines(logging.Formatter):
    """Formats a record as one JSON object; control characters are escaped by JSON itself."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: time (UTC), level, logger, message and where an error came from, never its words."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["traceback"] = trace_of(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)
