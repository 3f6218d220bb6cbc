"""The plugin of the process in which the memory of one test is measured."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from ..measure.memory_methods import UnmeasurableError, growth_of, peak_of
from ..model import MemoryPlan
from .own_process import modules_below
from .recorder import Recorder
from .trees import foreign


class MemoryTaker:
    """Calls the test, and writes down what that took."""

    def __init__(self, config: pytest.Config) -> None:
        read = json.loads(Path(config.option.spec_gates_memory).read_text(encoding="utf-8"))
        self.root = config.rootpath
        self.out = Path(read.pop("out"))
        self.head = read.pop("head")
        self.turn = read.pop("turn")
        self.plan = MemoryPlan(**read)
        self.recorder = Recorder([], is_worker=False)
        self.found: dict[str, Any] = {}
        self.why = self.next_step = ""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        with _taken(self.turn):
            return (yield)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Around the test alone: what is around a call of other plugins is not the test's."""
        plan, call, called = self.plan, item.runtest, 0

        def counted() -> None:
            nonlocal called
            called += 1
            call()
            _forget_logs()

        def measured() -> None:
            try:
                if plan.calls:
                    self.found = growth_of(counted, plan.by, plan.calls)
                else:
                    self.found = peak_of(call, plan.by)
            except UnmeasurableError as error:
                self.why, self.next_step = str(error), "choose `by: tracemalloc`"
            except BaseException:
                if called > 1:
                    self.why = f"call {called} of the same test failed"
                raise

        item.runtest = measured  # type: ignore[method-assign]  # of this item
        try:
            return (yield)
        finally:
            item.runtest = call  # type: ignore[method-assign]  # of this item

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.recorder.pytest_runtest_logreport(report)
        if report.failed and not self.why:
            crash = getattr(report.longrepr, "reprcrash", None)
            self.why = str(getattr(crash, "message", "")).partition("\n")[0][:300]

    def pytest_sessionfinish(self) -> None:
        result = self.recorder.results.get(self.plan.nodeid)
        if result is not None and result.outcome in ("passed", "xpassed") and self.found:
            found = self.found
        else:
            outcome = "did not run" if result is None else result.outcome
            told = self.why
            if outcome not in ("passed", "xpassed") or not told:
                told = f"in a process of its own it {outcome}" + (f": {told}" if told else "")
            found = {"reason": told, "next_step": self.next_step}
        names = modules_below(self.head, self.root) if str(self.root) != self.head else []
        if names:
            found = {"reason": foreign(names), "next_step": ""}
        self.out.write_text(json.dumps(found), encoding="utf-8")


@contextlib.contextmanager
def _taken(turn: str) -> Iterator[None]:
    """With its test and fixtures a process waits for its turn, and keeps it for as long: together
    two could need more memory than there is, or the same port."""
    if not turn:
        yield
        return
    import fcntl

    with open(turn, "wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)  # a child that is left may have the file too


def _forget_logs() -> None:
    # pytest keeps what is logged for its report, which would look like a leak of the test.
    for handler in logging.getLogger().handlers:
        if hasattr(handler, "records") and hasattr(handler, "reset"):
            handler.reset()
