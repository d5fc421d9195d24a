"""How many requests a minute one caller may make of the API, so that one script cannot slow it for everybody."""

from __future__ import annotations

import logging
import math
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

logger = logging.getLogger(__name__)
PERIOD = 60


class CallerRate(BaseThrottle):
    """Counts the requests of each person, with whatever tokens they come, by the minute of the clock."""

    seconds = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request, and say whether it is still one of those allowed."""
        limit: int = settings.API_RATE
        if not limit or not request.user.is_authenticated:
            return True  # A stranger is sent away by the permissions, and is nobody whose requests could be counted.
        now = time.time()
        minute = int(now // PERIOD)
        self.seconds = max(1, math.ceil((minute + 1) * PERIOD - now))
        key = f"api-rate:{request.user.pk}:{minute}"
        try:
            cache.add(key, 0, timeout=2 * PERIOD)
            return int(cache.incr(key)) <= limit
        except ValueError:
            # The cache dropped the count between the two, which makes this the first one that it knows of.
            cache.set(key, 1, timeout=2 * PERIOD)
            return True
        except RedisError:
            # The limit is there for everybody's comfort; an API that is down with its counter would be none.
            logger.warning("requests are not counted, since Redis does not answer")
            return True

    def wait(self) -> float:
        """Return for how many seconds nothing more is allowed."""
        return float(self.seconds)
