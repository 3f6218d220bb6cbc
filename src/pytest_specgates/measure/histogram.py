"""Latencies that are too many to keep each: counted by size, to a part in a thousand."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

WIDTH = 0.001
"""The share of itself by which a latency may be told as more than it was; never as less."""
_LOG = math.log1p(WIDTH)


@dataclass(slots=True)
class Histogram:
    """How many latencies (seconds, 0 or more) there are of each size."""

    counts: dict[int, int] = field(default_factory=dict)
    zeros: int = 0

    def add(self, seconds: float) -> None:
        if seconds <= 0:
            self.zeros += 1
            return
        size = math.ceil(math.log(seconds) / _LOG)
        self.counts[size] = self.counts.get(size, 0) + 1

    def extend(self, latencies: Iterable[float]) -> None:
        for seconds in latencies:
            self.add(seconds)

    def sizes(self) -> tuple[tuple[float, ...], tuple[int, ...]]:
        """The greatest latency of each size, in order, and how many there are of it."""
        found = [(0.0, self.zeros)] if self.zeros else []
        found += [(math.exp(size * _LOG), self.counts[size]) for size in sorted(self.counts)]
        return tuple(size for size, _ in found), tuple(count for _, count in found)


def at_rank(sizes: tuple[float, ...], counts: tuple[int, ...], rank: int) -> float:
    """The latency of a rank (from 1) among sizes that are in order."""
    for size, count in zip(sizes, counts, strict=True):
        rank -= count
        if rank <= 0:
            return size
    raise IndexError("there are fewer latencies")
