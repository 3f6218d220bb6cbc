"""Load: calls at a rate or in a loop, each timed from when it was due."""

from __future__ import annotations

import asyncio
import functools
import math
import sys
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_specgates.measure import load

STALL = 0.25


def measured(call: Callable[[], object], **asked: object) -> load.Load:
    return load.run(call, load.plan_of(**asked))  # type: ignore[arg-type]  # any, to be refused


def stalling() -> Callable[[], None]:
    """A service that serves one call at a time, and stands still once."""
    lock, calls = threading.Lock(), []

    def call() -> None:
        with lock:
            calls.append(1)
            time.sleep(STALL if len(calls) == 40 else 0.0005)

    return call


@pytest.mark.parametrize("concurrency", [1, 16])
def test_a_stall_costs_every_call_that_was_due_meanwhile(concurrency: int) -> None:
    open_loop = measured(stalling(), rate=200, samples=200, concurrency=concurrency)
    assert len(open_loop.latencies) == open_loop.calls == 200
    # 50 of 200 calls were due in the stall.
    assert open_loop.percentile(99) > STALL * 0.8
    assert open_loop.percentile(90) > STALL * 0.4
    assert open_loop.late >= (30 if concurrency == 1 else 0)


def test_a_closed_loop_sees_the_stall_once() -> None:
    closed = measured(stalling(), samples=200)
    assert max(closed.latencies) >= STALL
    assert closed.percentile(99) < STALL / 4
    assert (closed.late, closed.dropped, closed.errors) == (0, 0, 0)
    assert closed.told == "closed loop, 1 at once, 0 failed"


def test_a_loop_of_async_calls_is_stalled_too() -> None:
    calls = []

    async def call() -> None:
        calls.append(1)
        if len(calls) == 20:
            time.sleep(STALL)
        await asyncio.sleep(0.001)

    found = measured(call, rate=200, duration=0.5)
    assert found.calls == 100
    assert found.percentile(95) > STALL / 2
    assert found.late > 10
    assert measured(call, samples=50, concurrency=5).percentile(90) < STALL / 4


def test_async_calls_of_a_loop_run_side_by_side() -> None:
    async def call() -> None:
        await asyncio.sleep(0.02)

    found = measured(call, rate=200, samples=60)
    assert found.seconds < 1
    assert 0.02 <= found.percentile(50) < 0.1


def test_threads_of_a_loop_run_side_by_side() -> None:
    found = measured(lambda: time.sleep(0.05), samples=20, concurrency=10)
    assert found.seconds < 0.5
    assert found.throughput == 20 / found.seconds > 40


def test_a_duration_ends_a_closed_loop() -> None:
    found = measured(lambda: time.sleep(0.01), duration=0.1)
    assert 3 <= found.calls <= 10
    assert found.seconds < 1


def test_errors_are_counted_and_stand_behind_the_slowest() -> None:
    calls = []

    def call() -> None:
        calls.append(1)
        if len(calls) % 10 == 0:
            raise ValueError(len(calls))

    found = measured(call, samples=100)
    assert (found.errors, len(found.latencies)) == (10, 90)
    assert found.error_rate == 10
    assert str(found.first_error) == "10"
    assert found.percentile(90) < math.inf
    assert found.percentile(90.5) == math.inf


def test_a_load_without_a_success_raises_its_first_error() -> None:
    def call() -> None:
        raise ValueError("no connection")

    with pytest.raises(ValueError, match="no connection"):
        measured(call, samples=10)


@pytest.mark.parametrize("concurrency", [1, 4])
def test_what_is_no_error_of_the_call_ends_the_load(concurrency: int) -> None:
    def call() -> None:
        raise SystemExit(3)

    began = time.monotonic()
    with pytest.raises(SystemExit):
        measured(call, rate=1, samples=60, concurrency=concurrency)
    assert time.monotonic() - began < 10


def test_who_waits_longer_than_their_patience_is_dropped() -> None:
    found = measured(lambda: time.sleep(0.05), rate=100, samples=50, concurrency=1, patience=0.1)
    assert found.dropped > 20
    assert found.calls == 50
    assert found.error_rate == Fraction(100 * found.dropped, 50)
    assert found.percentile(95) == math.inf


@pytest.mark.parametrize("concurrency", [1, 3])
def test_only_the_warm_up_is_traced(concurrency: int) -> None:
    seen: list[object] = []

    def tracer(frame: FrameType, event: str, argument: object) -> None:
        if frame.f_code.co_name == "call":
            seen.append(frame)

    def call() -> None: ...

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        measured(call, samples=30, warmup=2, concurrency=concurrency)
        kept = sys.gettrace()
    finally:
        sys.settrace(before)
    assert len(seen) == 2
    assert kept is tracer


def test_the_warm_up_is_apart_and_its_errors_are_raised() -> None:
    calls = []
    found = measured(lambda: calls.append(1), samples=10, warmup=5)
    assert (found.calls, len(calls)) == (10, 15)
    with pytest.raises(ZeroDivisionError):
        measured(lambda: 1 / 0, samples=10, warmup=1)


@given(st.floats(0.5, 500), st.integers(1, 300), st.integers(0, 5))
def test_schedules(rate: float, samples: int, seed: int) -> None:
    plan = load.plan_of(rate=rate, samples=samples)
    due = list(load._due(plan))
    assert len(due) == samples
    assert due == [number / rate for number in range(samples)]
    within = list(load._due(load.plan_of(rate=rate, duration=samples / rate)))
    assert abs(len(within) - samples) <= 1
    poisson = load.plan_of(rate=rate, samples=samples, arrival="poisson", seed=seed)
    drawn = list(load._due(poisson))
    assert drawn == sorted(drawn) == list(load._due(poisson))
    assert len(drawn) == samples


def test_poisson_arrivals_come_at_their_rate() -> None:
    plan = load.plan_of(rate=100, duration=100, arrival="poisson", seed=1)
    assert abs(len(list(load._due(plan))) - 10_000) < 400


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, "either `samples=` or `duration=`"),
        ({"samples": 3, "duration": 3}, "either"),
        ({"samples": 0}, "samples=0"),
        ({"rate": math.nan, "samples": 1}, "rate=nan"),
        ({"rate": -1, "samples": 1}, "rate=-1"),
        ({"samples": 1, "concurrency": 0}, "concurrency=0"),
        ({"samples": 1, "arrival": "poisson"}, "needs a `rate=`"),
        ({"rate": 1, "samples": 1, "arrival": "uniform"}, "constant"),
    ],
)
def test_what_nobody_can_do_is_refused(asked: dict[str, float], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        measured(int, **asked)


@given(st.lists(st.floats(0, 1), min_size=1), st.integers(1, 99))
def test_a_percentile_is_the_least_latency_that_covers_its_share(
    latencies: list[float], percent: int
) -> None:
    found = load.Load(tuple(latencies), 1.0, 0, 0, 0, None, "").percentile(percent)
    assert sum(x <= found for x in latencies) * 100 >= percent * len(latencies)
    assert sum(x < found for x in latencies) * 100 < percent * len(latencies)


def test_a_coroutine_that_nobody_awaits_is_no_call() -> None:
    async def call() -> None: ...

    with pytest.raises(TypeError, match="the async function itself"):
        measured(lambda: call(), samples=3)  # noqa: PLW0108  # it hides what it calls
    assert measured(functools.partial(call), samples=3).calls == 3


def test_no_call_due_is_an_error() -> None:
    with pytest.raises(ValueError, match="no call was due"):
        measured(int, rate=0.001, duration=0.01, arrival="poisson")


def test_an_event_loop_that_runs_already_is_told() -> None:
    async def call() -> None: ...

    async def test() -> None:
        measured(call, samples=1)

    with pytest.raises(RuntimeError, match="from a plain test"):
        asyncio.run(test())
