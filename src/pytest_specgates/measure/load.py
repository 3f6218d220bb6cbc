"""Load: a function called at a rate, or again and again, and each of its calls timed.

With a rate the calls are due by a schedule that does not wait for them (an open loop), and the
time of a call counts from when it was due. A stall then costs all the calls that it kept
waiting. A loop that calls only when the last call is done (a closed one) sees it once.

A million calls are kept, so that percentiles are exact; more are counted by size. A garbage
collection is part of what users wait for, so it stays switched on. Tracing is not: coverage sees
the warm-up, and not the load.
"""

from __future__ import annotations

import inspect
import itertools
import math
import random
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from time import perf_counter
from types import CoroutineType
from typing import Any

from .histogram import Histogram, at_rank

MOST_KEPT = 1_000_000
"""So many latencies are kept each; where there are more, all are counted by size."""
LATE = 0.001
"""Seconds after it was due from which a call has started late: more than a clock's own error."""
_TICK = 0.002
_AT_ONCE = 64
"""How many calls of an open loop run at a time, if nothing else is said."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for. `rate` is in calls a second, None for a closed loop; `duration` and
    `patience` are in seconds. One of `samples` and `duration` is given."""

    rate: float | None
    samples: int | None
    duration: float | None
    concurrency: int
    arrival: str
    seed: int
    warmup: int
    patience: float


@dataclass(frozen=True, slots=True)
class Load:
    """What became of the calls. `latencies` are the seconds of those that succeeded, in the order
    in which they ended: from when a call was due, without a rate from when it started.

    Of more than a million, `latencies` has each size once, in order, to a thousandth; `counts` has
    how many there are of each (else it is empty). `late` started more than a millisecond after
    they were due; `dropped` had nobody free to make them for `patience` seconds, and were not
    made. `seconds` is from the first to the last.
    """

    latencies: tuple[float, ...]
    seconds: float
    errors: int
    late: int
    dropped: int
    first_error: Exception | None
    told: str
    """How it was measured, in words."""
    counts: tuple[int, ...] = ()

    @property
    def succeeded(self) -> int:
        return sum(self.counts) if self.counts else len(self.latencies)

    @property
    def calls(self) -> int:
        """All calls that were due."""
        return self.succeeded + self.errors + self.dropped

    @property
    def throughput(self) -> float:
        """Calls that succeeded, a second."""
        return self.succeeded / self.seconds if self.seconds else math.inf

    @property
    def error_rate(self) -> Fraction:
        """The share of all calls that failed or were dropped, in percent, exact."""
        return Fraction(100 * (self.errors + self.dropped), self.calls)

    def percentile(self, percent: float) -> float:
        """The nearest rank, in seconds. A call that failed or was dropped has no end: it stands
        behind the slowest one."""
        rank = max(1, math.ceil(Fraction(str(percent)) / 100 * self.calls))
        if rank > self.succeeded:
            return math.inf
        if self.counts:
            return at_rank(self.latencies, self.counts, rank)
        return sorted(self.latencies)[rank - 1]


def plan_of(
    rate: float | None = None,
    samples: int | None = None,
    duration: float | None = None,
    concurrency: int | None = None,
    arrival: str = "constant",
    seed: int = 0,
    warmup: int = 0,
    patience: float = 30.0,
) -> Plan:
    """Raises ValueError, as a sentence, for what nobody can do."""
    if (samples is None) == (duration is None):
        raise ValueError("say how much: either `samples=` or `duration=`")
    if arrival not in ("constant", "poisson"):
        raise ValueError(f'arrival is "constant" or "poisson", not {arrival!r}')
    if rate is None and arrival != "constant":
        raise ValueError('arrival="poisson" needs a `rate=`')
    for name, number, least in (
        ("rate", rate, 0),
        ("duration", duration, 0),
        ("samples", samples, 0),
        ("concurrency", concurrency, 0),
        ("warmup", warmup, -1),
        ("patience", patience, -1),
    ):
        if number is not None and not least < number < math.inf:
            raise ValueError(f"{name}={number!r} is too small, or no number")
    at_once = concurrency if concurrency is not None else 1 if rate is None else _AT_ONCE
    return Plan(rate, samples, duration, at_once, arrival, seed, warmup, patience)


def run(call: Callable[[], Any], plan: Plan) -> Load:
    """Call it as planned. An exception of a call is counted; one that is none of its own (a
    failure or a skip of the test, an interrupt) ends the load and is raised, and so is the first
    where no call succeeded."""
    is_async = inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(
        getattr(call, "__call__", None)  # noqa: B004 - what it is, not whether it is there
    )
    tally = _async(call, plan) if is_async else _plain(call, plan)
    if tally.fatal is not None:
        raise tally.fatal
    counts: tuple[int, ...] = ()
    latencies = tuple(tally.latencies)
    if tally.histogram is not None:
        latencies, counts = tally.histogram.sizes()
    if not latencies and tally.first_error is not None:
        raise tally.first_error
    if not latencies and not tally.dropped:
        raise ValueError(f"no call was due in {plan.duration:g} s")
    return Load(
        latencies=latencies,
        counts=counts,
        seconds=tally.ended - tally.started,
        errors=tally.errors,
        late=tally.late,
        dropped=tally.dropped,
        first_error=tally.first_error,
        told=_told(plan, tally),
    )


@dataclass(slots=True)
class _Tally:
    """What is gathered while the load runs. Its lock is held for each change."""

    plan: Plan
    due: Iterator[float]
    latencies: list[float] = field(default_factory=list)
    histogram: Histogram | None = None
    errors: int = 0
    late: int = 0
    dropped: int = 0
    first_error: Exception | None = None
    fatal: BaseException | None = None
    started: float = 0.0
    ended: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)
    stop: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        self.started = self.ended = perf_counter()

    def next_due(self) -> float | None:
        """When the next call is due; None where there is none, or the load was stopped."""
        with self.lock:
            offset = None if self.stop.is_set() else next(self.due, None)
        return None if offset is None else self.started + offset

    def is_dropped(self, due: float, now: float) -> bool:
        if self.plan.rate is None or now - due <= self.plan.patience:
            return False
        with self.lock:
            self.dropped += 1
            self.ended = max(self.ended, now)
        return True

    def add(self, due: float, start: float, end: float, error: BaseException | None) -> None:
        """A call that was made, and how it ended."""
        with self.lock:
            self.ended = max(self.ended, end)
            if self.plan.rate is None:
                due = start
            elif start - due > LATE:
                self.late += 1
            if error is None:
                self._keep(end - due)
            elif isinstance(error, Exception):
                self.errors += 1
                self.first_error = self.first_error or error
            else:
                self.fatal = self.fatal or error
                self.stop.set()

    def _keep(self, latency: float) -> None:
        if self.histogram is None and len(self.latencies) >= MOST_KEPT:
            self.histogram = Histogram()
            self.histogram.extend(self.latencies)
            self.latencies.clear()
        if self.histogram is None:
            self.latencies.append(latency)
        else:
            self.histogram.add(latency)


def _due(plan: Plan) -> Iterator[float]:
    """When the calls are due, in seconds after the start. Those of a closed loop are due at
    once, as long as it lasts."""
    if plan.rate is None:
        began = perf_counter()
        for _ in itertools.count() if plan.samples is None else range(plan.samples):
            if plan.duration is not None and perf_counter() - began >= plan.duration:
                return
            yield 0.0
        return
    clock, number = random.Random(plan.seed), 0
    offset = 0.0 if plan.arrival == "constant" else clock.expovariate(plan.rate)
    while True:
        if number >= plan.samples if plan.samples is not None else offset >= (plan.duration or 0):
            return
        yield offset
        number += 1
        if plan.arrival == "constant":
            offset = number / plan.rate
        else:
            offset += clock.expovariate(plan.rate)


# --- plain functions: threads -------------------------------------------------------------


def _plain(call: Callable[[], Any], plan: Plan) -> _Tally:
    for _ in range(plan.warmup):
        _once(call)
    tally = _Tally(plan, _due(plan))
    if plan.concurrency == 1:
        # In the thread of the test, whose connections may know no other.
        with _untraced():
            tally.begin()
            _work(call, tally)
        return tally
    threads = [
        threading.Thread(target=_work, args=(call, tally), daemon=True)
        for _ in range(plan.concurrency)
    ]
    try:
        with _untraced():
            tally.begin()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    finally:
        tally.stop.set()
    return tally


def _once(call: Callable[[], Any]) -> None:
    found = call()
    if isinstance(found, CoroutineType):
        # Nothing was awaited: what was timed is not what was meant.
        found.close()
        raise TypeError("the call gave a coroutine: hand over the async function itself")


@contextmanager
def _untraced() -> Iterator[None]:
    """Without what traces lines (coverage, a debugger), which may double the time of a call."""
    own, of_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        yield
    finally:
        threading.settrace(of_threads)
        sys.settrace(own)


def _work(call: Callable[[], Any], tally: _Tally) -> None:
    while (due := tally.next_due()) is not None:
        wait = due - perf_counter()
        if wait > 0 and tally.stop.wait(wait):
            return
        start = perf_counter()
        if tally.is_dropped(due, start):
            continue
        error: BaseException | None = None
        try:
            _once(call)
        except BaseException as raised:
            error = raised
        tally.add(due, start, perf_counter(), error)


# --- async functions: one event loop ------------------------------------------------------


def _async(call: Callable[[], Any], plan: Plan) -> _Tally:
    import asyncio

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(_in_loop(call, plan))
    raise RuntimeError("call it from a plain test: it runs async functions in a loop of its own")


async def _in_loop(call: Callable[[], Any], plan: Plan) -> _Tally:
    import asyncio

    for _ in range(plan.warmup):
        await call()
    tally = _Tally(plan, _due(plan))
    with _untraced():
        tally.begin()
        await asyncio.gather(*(_work_async(call, tally) for _ in range(plan.concurrency)))
    return tally


async def _work_async(call: Callable[[], Any], tally: _Tally) -> None:
    import asyncio

    while (due := tally.next_due()) is not None:
        # The clock of an event loop goes by milliseconds: the last ones are waited for in turns.
        await asyncio.sleep(max(0.0, due - perf_counter() - _TICK))
        while perf_counter() < due and not tally.stop.is_set():
            await asyncio.sleep(0)
        start = perf_counter()
        if tally.stop.is_set() or tally.is_dropped(due, start):
            continue
        error: BaseException | None = None
        try:
            await call()
        except (KeyboardInterrupt, SystemExit, asyncio.CancelledError):
            raise
        except BaseException as raised:
            error = raised
        tally.add(due, start, perf_counter(), error)


def _told(plan: Plan, tally: _Tally) -> str:
    at_once = f"{plan.concurrency} at once"
    failed = f"{tally.errors} failed"
    if plan.rate is None:
        return f"closed loop, {at_once}, {failed}"
    arrival = f"{plan.rate:g}/s" + (
        f" poisson, seed {plan.seed}" if plan.arrival != "constant" else ""
    )
    return f"{arrival}, {at_once}, {tally.late} late, {tally.dropped} dropped, {failed}"
