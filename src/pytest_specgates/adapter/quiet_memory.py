"""What tests take of memory: each in a pytest of its own, once the run is done. One that had run
there before would leave memory behind that the next one uses again."""

from __future__ import annotations

import json
import logging
import subprocess
import tempfile
from collections.abc import Generator, Iterable
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from ..measure.memory_methods import UnmeasurableError, growth_of, peak_of
from ..model import MemoryPlan, MemoryUse
from .quiet import last_line, run_quietly
from .recorder import Recorder


def measure(config: pytest.Config, plans: Iterable[MemoryPlan]) -> dict[MemoryPlan, MemoryUse]:
    return {plan: _measured(config, plan) for plan in plans}


def _measured(config: pytest.Config, plan: MemoryPlan) -> MemoryUse:
    if plan.by == "memray" and find_spec("memray") is None:
        return MemoryUse(
            plan,
            reason="memray is not installed",
            next_step='pip install "pytest-specgates[memray]", or choose another `by:`',
        )
    alone = f'pytest "{plan.nodeid}"'
    with tempfile.TemporaryDirectory(prefix="specgates-") as folder:
        asked, out = Path(folder, "plan.json"), Path(folder, "memory.json")
        asked.write_text(json.dumps({"out": str(out), **asdict(plan)}), encoding="utf-8")
        options = ["--spec-gates-memory", str(asked)]
        if not getattr(config.option, "benchmark_only", True):
            options.append("--benchmark-disable")  # one call, and no time is measured
        try:
            done = run_quietly(config, [plan.nodeid], options, folder, plan.limit)
        except subprocess.TimeoutExpired:
            calls = f" of {plan.calls} calls" if plan.calls else ""
            reason = f"{plan.nodeid}: its process{calls} took more than {plan.limit:g} s"
            return MemoryUse(
                plan, reason=reason, next_step="a larger `timeout:`, or a test of less"
            )
        if not out.is_file():
            reason = f"{plan.nodeid}: its own process ended with {done.returncode}"
            return MemoryUse(plan, reason=f"{reason}: {last_line(done)}", next_step=alone)
        read: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    if "reason" in read:
        return MemoryUse(plan, reason=f"{plan.nodeid}: {read['reason']}", next_step=alone)
    return MemoryUse(plan, **{**read, "marks": tuple(read.get("marks", ()))})


class MemoryTaker:
    """The plugin of such a process: calls the test, and writes down what that took."""

    def __init__(self, plan_file: str) -> None:
        read = json.loads(Path(plan_file).read_text(encoding="utf-8"))
        self.out = Path(read.pop("out"))
        self.plan = MemoryPlan(**read)
        self.recorder = Recorder([], is_worker=False)
        self.found: dict[str, Any] = {}
        self.why = ""

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
                self.why = str(error)
            except BaseException:
                if called > 1:
                    self.why = f"call {called} of the same test failed"
                raise

        item.runtest = measured  # type: ignore[method-assign]
        try:
            return (yield)
        finally:
            item.runtest = call  # type: ignore[method-assign]

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
            found = {"reason": told}
        self.out.write_text(json.dumps(found), encoding="utf-8")


def _forget_logs() -> None:
    # pytest keeps what is logged for its report, which would look like a leak of the test.
    for handler in logging.getLogger().handlers:
        if hasattr(handler, "records") and hasattr(handler, "reset"):
            handler.reset()
