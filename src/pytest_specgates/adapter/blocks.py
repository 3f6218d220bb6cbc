"""The process that runs benchmarks block by block, as it is told: one side of a comparison.

Its `benchmark` fixture is one of its own. A test that calls it waits there, and runs a block of
calls whenever it is asked to, until it is told to go on.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from .processes import modules_below

_SHORTEST = 0.002
"""Seconds of a block: short against the spells in which a machine is slow."""
_MOST_CALLS = 1_000_000


class Blocks:
    """The plugin of such a process. What it says to the other side is JSON."""

    def __init__(self, config: pytest.Config) -> None:
        plan = json.loads(Path(config.option.spec_gates_blocks).read_text("utf-8"))
        self.config = config
        self.head: str = plan["head"]
        self.side = os.environ["SPECGATES_SIDE"]
        self.line = socket.create_connection(("127.0.0.1", plan["port"]))
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines = self.line.makefile("rb")
        self.say({"key": plan["key"], "pair": os.environ["SPECGATES_PAIR"], "side": self.side})

    def say(self, told: Mapping[str, Any]) -> None:
        self.line.sendall(json.dumps(told).encode("utf-8") + b"\n")

    def hear(self) -> dict[str, Any]:
        """What it is asked; to go on, where nobody asks any more."""
        line = self.lines.readline()
        asked: dict[str, Any] = json.loads(line) if line else {"calls": 0}
        return asked

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> object | None:
        """The fixture of this process, in the place of whichever plugin has one."""
        if fixturedef.argname != "benchmark":
            return None
        made = BlockBenchmark(self, request.node.nodeid)
        # As pytest's own implementation of the hook leaves it; the type of the key is internal.
        fixturedef.cached_result = made, fixturedef.cache_key(request), None  # type: ignore[arg-type]
        return made

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        # pytest-benchmark takes no fixture that is not its own.
        arguments: dict[str, object] = getattr(item, "funcargs", None) or {}
        own = arguments.pop("benchmark", None)
        try:
            report = yield
        finally:
            if own is not None:
                arguments["benchmark"] = own
        if report.when == "call" or report.outcome != "passed":
            message = str(call.excinfo.value) if call.excinfo is not None else ""
            last = (message.strip().splitlines() or [""])[0]
            self.say({"over": item.nodeid, "outcome": report.outcome, "why": last[:200]})
        return report

    def pytest_sessionfinish(self) -> None:
        foreign: list[str] = []
        if self.side == "base":
            foreign = modules_below(self.head, self.config.rootpath)
        self.say({"end": True, "foreign": foreign})


class BlockBenchmark:
    """What stands for the fixture of pytest-benchmark: the same ways to call it."""

    def __init__(self, blocks: Blocks, name: str) -> None:
        self.name = name
        self.group: str | None = None
        self.extra_info: dict[str, object] = {}
        self.stats = None
        self.disabled = False
        self.enabled = True
        self._blocks = blocks
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
        raise RuntimeError("benchmark.weave cannot be run in blocks: call benchmark(function)")

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

        def seconds(calls: int) -> float:
            if not is_fresh:
                return _block(function, args, kwargs, calls)
            total = 0.0
            for _ in range(calls):
                own_args, own_kwargs = arguments()
                total += _block(function, own_args, own_kwargs, 1)
                if teardown is not None:
                    teardown(*own_args, **own_kwargs)
            return total

        self._blocks.say({"ready": self.name, "calls": _calls(seconds)})
        gc.collect()
        gc.freeze()
        while calls := int(self._blocks.hear()["calls"]):
            self._blocks.say({"seconds": seconds(calls) / calls})
        gc.unfreeze()
        return result


def _block(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], calls: int
) -> float:
    """Seconds that so many calls take. What they leave behind is not collected within them."""
    clock = time.perf_counter
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        start = clock()
        for _ in range(calls):
            function(*args, **kwargs)
        return clock() - start
    finally:
        if was_enabled:
            gc.enable()


def _calls(seconds: Callable[[int], float]) -> int:
    """How many calls make a block; this warms up too."""
    calls = 1
    while True:
        taken = seconds(calls)
        if taken >= _SHORTEST / 2 or calls >= _MOST_CALLS:
            return max(1, min(_MOST_CALLS, round(calls * _SHORTEST / max(taken, 1e-9))))
        calls = min(_MOST_CALLS, calls * max(2, min(10, int(_SHORTEST / max(taken, 1e-7)))))
