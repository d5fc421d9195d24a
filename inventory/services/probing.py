"""Trying a source's connection for whoever sets it up: what the given rights allow, and what is missing."""

from __future__ import annotations

import logging
import time

from inventory.collector import Ability, CollectorError
from inventory.models import Source
from inventory.services.collection import collector_for, context

logger = logging.getLogger(__name__)

LONGEST_SECONDS = 30.0
"""A person waits for the answer."""


def probe_source(*, source: Source) -> list[Ability]:
    """Try what the source's rights allow; reads no value and writes nothing.

    Raises:
        CollectorError: nothing could be tried, with what to do.
    """
    ends = time.monotonic() + LONGEST_SECONDS

    def alive() -> None:
        if time.monotonic() > ends:
            raise CollectorError(
                "It took longer than half a minute. Collect it instead: a run has the time, and says what it could not."
            )

    try:
        return collector_for(source).probe(context(source, cursor={}, alive=alive))
    except CollectorError:
        raise
    except Exception as error:
        # Whatever a client library raises may quote an answer: its kind is enough here, the rest is in the log.
        logger.exception("source %s could not be tried", source.pk)
        raise CollectorError(
            "A fault in this product stopped it, not the source. Report it with what the web server's log says now."
        ) from error
