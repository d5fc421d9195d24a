"""Which of the services that somebody may use were used: IAM's own count, asked for as long as it is offered."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime

from inventory.aws.client import Client
from inventory.aws.failures import Refused
from inventory.aws.reading import as_time, later_than

_WAITS, _PAUSE = 40, 0.25
_MOST_PAGES = 50


@dataclass(frozen=True, slots=True)
class Uses:
    """How many services somebody may use, and how many of them were used within IAM's window."""

    granted: int | None = None
    used: int | None = None
    last: datetime | None = None
    why: str = ""
    """Why it is not known."""


@dataclass
class LastAccess:
    """Asks for one principal after the other; once it is refused, no more."""

    client: Client
    why: str = ""
    _first: threading.Lock = field(default_factory=threading.Lock)
    _tried: bool = False

    def of(self, arn: str) -> Uses:
        """Return what is known of one user or role."""
        if not self._tried:
            # One asks first: what is not offered would be asked for, in vain and patiently, as often as there are
            # helpers.
            with self._first:
                if not self._tried:
                    found = self._asked(arn)
                    self._tried = True
                    return found
        return self._asked(arn)

    def _asked(self, arn: str) -> Uses:
        if self.why:
            return Uses(why=self.why)
        try:
            job = self.client.call("iam", "generate_service_last_accessed_details", Arn=arn).get("JobId")
            return self._result(str(job))
        except Refused as refused:
            if not refused.gone:
                self.why = refused.why
            return Uses(why=refused.why)

    def _result(self, job: str) -> Uses:
        marker: dict[str, str] = {}
        granted, used, last, waits, pages = 0, 0, None, 0, 0
        while True:
            answer = self.client.call("iam", "get_service_last_accessed_details", JobId=job, **marker)
            if answer.get("JobStatus") == "IN_PROGRESS" and waits < _WAITS:
                waits += 1
                time.sleep(_PAUSE)
                continue
            if answer.get("JobStatus") != "COMPLETED":
                return Uses(why="IAM did not finish counting the uses")
            for service in answer.get("ServicesLastAccessed", ()):
                granted += 1
                at = as_time(service.get("LastAuthenticated"))
                used += at is not None
                last = later_than(last, at)
            pages += 1
            if not answer.get("IsTruncated") or not answer.get("Marker") or pages >= _MOST_PAGES:
                return Uses(granted, used, last)
            marker = {"Marker": answer["Marker"]}


__all__ = ["LastAccess", "Uses"]
