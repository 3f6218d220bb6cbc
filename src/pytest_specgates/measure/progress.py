"""How far long work has come, told to who looks at it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_AFTER, _EVERY = 3.0, 0.5
"""Seconds before anything is told, and between one line and the next."""
Tick = Callable[[int], None]


@contextmanager
def ticker(tell: Callable[[str], None] | None, name: str, size: int) -> Iterator[Tick | None]:
    """What takes how many bytes are done of so many; None where nobody looks."""
    if tell is None or not size:
        yield None
        return
    show = tell  # a name that cannot become None
    start = time.monotonic()
    due, is_told = start + _AFTER, False

    def tick(done: int) -> None:
        nonlocal due, is_told
        now = time.monotonic()
        if now >= due:
            due, is_told = now + _EVERY, True
            share = min(100 * done // size, 100)
            show(f"{name}: {share} % of {size / 1e6:,.0f} MB, {now - start:.0f} s")

    try:
        yield tick
    finally:
        if is_told:
            show("")
