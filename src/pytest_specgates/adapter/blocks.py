"""The process that runs benchmarks block by block, as it is told: one side of a comparison.

A test that calls the `benchmark` fixture waits there, and runs a block of calls whenever it is
asked to, until it is told to go on.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from .own_benchmark import Run, calls_of, nothing_collected
from .own_process import modules_below, why
from .processors import usable

_SHORTEST = 0.002
"""Seconds of a block: short against the spells in which a machine is slow."""
_ONE_CORE = 1.3
"""Seconds of processors in a second, above which a call is taken to use more than one."""


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

    def measure(self, name: str, run: Run) -> None:
        calls = calls_of(run, _SHORTEST)
        started, busy = time.perf_counter(), _busy()
        run(calls)
        uses_more = _busy() - busy > _ONE_CORE * (time.perf_counter() - started)
        self.say({"ready": name, "calls": calls, "cores": 0 if uses_more else 1})
        everywhere = usable()
        try:
            with nothing_collected():
                self._serve(run)
        finally:
            _stay_on(everywhere)

    def _serve(self, run: Run) -> None:
        while calls := int((asked := self.hear())["calls"]):
            if asked.get("core") is not None:
                _stay_on([asked["core"]])
            waits, interruptions = _switches()
            spent = run(calls)
            now_waits, now_interruptions = _switches()
            interrupted = now_interruptions > interruptions
            # What never waited takes as long as it had the processor: the rest had others.
            is_busy = interrupted and now_waits == waits
            seconds = min(spent) if is_busy else spent.seconds
            self.say({"seconds": seconds / calls, "interrupted": interrupted})

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.when == "call" or report.outcome != "passed":
            self.say({"over": item.nodeid, "outcome": report.outcome, "why": why(call)})
        return report

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        foreign: list[str] = []
        if self.side == "base":
            foreign = modules_below(self.head, self.config.rootpath)
        self.say({"end": True, "foreign": foreign})


def _busy() -> float:
    """Seconds of processors that this process, and those that it has waited for, used."""
    children = os.times()
    return time.process_time() + children.children_user + children.children_system


def _stay_on(cores: Sequence[int]) -> None:
    if cores and hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):  # it may be forbidden: then it runs where it runs
            os.sched_setaffinity(0, cores)


def _switches() -> tuple[int, int]:
    """How often this process waited for something, and how often the system took the processor
    away from it to give it to another."""
    try:
        import resource
    except ImportError:
        return 0, 0
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_nvcsw, used.ru_nivcsw
