"""The plugin of the process that counts the work of benchmarks."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from ..measure.counted_work import UncountableError, of_one_call
from .own_benchmark import Run, calls_of, nothing_collected
from .own_process import modules_below, why

_SHORTEST = 0.02
"""Seconds of a block, before it is counted: some ten times slower than without valgrind."""


class Counting:
    """Counts each benchmark, and writes down what it found: a count as a fraction, or a reason."""

    def __init__(self, config: pytest.Config) -> None:
        plan_file = Path(config.option.spec_gates_counts)
        plan: dict[str, Any] = json.loads(plan_file.read_text("utf-8"))
        self.config = config
        self.folder = plan_file.parent
        self.unit: str = plan["unit"]
        self.head: str = plan["head"]
        self.found: dict[str, dict[str, str]] = {}

    def measure(self, name: str, run: Run) -> None:
        calls = calls_of(run, _SHORTEST)
        try:
            with nothing_collected():
                count = of_one_call(self.unit, run, calls, self.folder)
            self.found[name] = {"count": str(count)}
        except UncountableError as error:
            self.found[name] = {"reason": str(error)}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.outcome != "passed":
            self.found[item.nodeid] = {"reason": f"{report.outcome}: {why(call)}"}
        return report

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        home = self.config.rootpath
        foreign = modules_below(self.head, home) if str(home) != self.head else []
        told = {"found": self.found, "foreign": foreign}
        (self.folder / "counts.json").write_text(json.dumps(told), encoding="utf-8")
