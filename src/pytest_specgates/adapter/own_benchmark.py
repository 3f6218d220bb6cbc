"""A `benchmark` fixture of our own, for a process that measures in another way than
pytest-benchmark does: the test calls it as it calls that one's."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import pytest

_MOST_CALLS = 1_000_000


class Spent(NamedTuple):
    """Seconds that calls took, and those of them in which this thread had the processor."""

    seconds: float
    busy: float


Run = Callable[[int], Spent]
"""Makes so many calls."""


class Measurer(Protocol):
    """What is done with the function that a test gives to the fixture."""

    def measure(self, name: str, run: Run) -> None:
        """`name` is the node id; the function was called once."""


class OwnFixture:
    """Puts the fixture in the place of whichever plugin has one. A part of a plugin."""

    def __init__(self, measurer: Measurer) -> None:
        self.measurer = measurer

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> object | None:
        if fixturedef.argname != "benchmark":
            return None
        made = OwnBenchmark(self.measurer, request.node.nodeid)
        # As pytest's own implementation of the hook leaves it.
        key = fixturedef.cache_key(request)  # type: ignore[arg-type]  # its type is internal
        fixturedef.cached_result = made, key, None
        return made

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        # pytest-benchmark takes no fixture that is not its own.
        arguments: dict[str, object] = getattr(item, "funcargs", None) or {}
        own = arguments.pop("benchmark", None)
        try:
            return (yield)
        finally:
            if own is not None:
                arguments["benchmark"] = own


class OwnBenchmark:
    """What stands for the fixture of pytest-benchmark: the same ways to call it."""

    def __init__(self, measurer: Measurer, name: str) -> None:
        self.name = name
        self.group: str | None = None
        self.extra_info: dict[str, object] = {}
        self.stats = None
        self.disabled = False
        self.enabled = True
        self._measurer = measurer
        self._was_called = False

    def __call__(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return self._serve(function, lambda: (args, kwargs), is_fresh=False)

    def pedantic(
        self,
        target: Callable[..., Any],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        setup: Callable[[], Any] | None = None,
        teardown: Callable[..., Any] | None = None,
        **numbers: int,
    ) -> Any:
        given = tuple(args), dict(kwargs or {})

        def arguments() -> tuple[tuple[Any, ...], dict[str, Any]]:
            made = setup() if setup is not None else None
            return (tuple(made[0]), dict(made[1])) if made is not None else given

        is_fresh = setup is not None or teardown is not None
        return self._serve(target, arguments, is_fresh=is_fresh, teardown=teardown)

    def weave(self, target: Any, **kwargs: Any) -> None:
        raise RuntimeError("benchmark.weave cannot be compared: call benchmark(function)")

    patch = weave

    def _serve(
        self,
        function: Callable[..., Any],
        arguments: Callable[[], tuple[tuple[Any, ...], dict[str, Any]]],
        is_fresh: bool,
        teardown: Callable[..., Any] | None = None,
    ) -> Any:
        if self._was_called:
            raise RuntimeError("the benchmark fixture was called twice in one test")
        self._was_called = True
        args, kwargs = arguments()
        result = function(*args, **kwargs)
        if teardown is not None:
            teardown(*args, **kwargs)

        def run(calls: int) -> Spent:
            if not is_fresh:
                return _block(function, args, kwargs, calls)
            total = busy = 0.0
            for _ in range(calls):
                own_args, own_kwargs = arguments()
                spent = _block(function, own_args, own_kwargs, 1)
                total, busy = total + spent.seconds, busy + spent.busy
                if teardown is not None:
                    teardown(*own_args, **own_kwargs)
            return Spent(total, busy)

        self._measurer.measure(self.name, run)
        return result


def _block(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], calls: int
) -> Spent:
    """So many calls. What they leave behind is not collected within them."""
    clock, own_clock = time.perf_counter, time.thread_time
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        own_start, start = own_clock(), clock()
        for _ in range(calls):
            function(*args, **kwargs)
        return Spent(clock() - start, own_clock() - own_start)
    finally:
        if was_enabled:
            gc.enable()


def calls_of(run: Run, shortest: float) -> int:
    """How many calls take so many seconds, and one at least; this warms up too."""
    calls = 1
    while True:
        taken = run(calls).seconds
        if taken >= shortest / 2 or calls >= _MOST_CALLS:
            return max(1, min(_MOST_CALLS, round(calls * shortest / max(taken, 1e-9))))
        calls = min(_MOST_CALLS, calls * max(2, min(10, int(shortest / max(taken, 1e-7)))))


@contextlib.contextmanager
def nothing_collected() -> Iterator[None]:
    """What there is already is passed over by the garbage collector."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
