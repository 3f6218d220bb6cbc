"""Limits how often a source is asked."""

from __future__ import annotations

import time
from collections.abc import Callable


class RateLimiter:
    """Spaces requests evenly: one every ``60 / requests_per_minute`` seconds."""

    def __init__(
        self,
        requests_per_minute: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if requests_per_minute <= 0:
            raise ValueError("requests_per_minute must be greater than 0")
        self._interval = 60 / requests_per_minute
        self._clock = clock
        self._sleep = sleep
        self._next_at = float("-inf")

    def wait(self) -> None:
        """Return as soon as the next request is allowed."""
        now = self._clock()
        start = max(now, self._next_at)
        if start > now:
            self._sleep(start - now)
        self._next_at = start + self._interval
