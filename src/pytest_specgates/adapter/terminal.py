"""The terminal's lines: a header, the section of the gates, what could not be written."""

from __future__ import annotations

from typing import Any

import pytest

from ..report.terminal import render
from .run import REPORT, GateRun
from .settings import ShardPlace


class TerminalSection:
    def __init__(self, run: GateRun) -> None:
        self.run = run

    def pytest_report_header(self) -> list[str]:
        selection = self.run.startup.selection
        count = len(self.run.gates)
        shard = self.run.shard
        if shard is not None:
            place = f"shard {shard.number} of {shard.count}"
            return [f"spec gates: {place}, {count} gates to be judged by specgates merge"]
        if not selection.collected:
            return [f"spec gates: not judged, {selection.narrowed}"]
        files = len(selection.collected)
        return [f"spec gates: {count} gates in {files} spec file{'s' if files != 1 else ''}"]

    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        shard = self.run.shard
        if shard is not None:
            self._tell_shard(terminalreporter, shard)
            return
        report = config.stash.get(REPORT, None)
        if report is None:
            return
        terminalreporter.section("spec gates")
        width, verbose = terminalreporter._tw.fullwidth, config.get_verbosity()
        for line in render(report, width, verbose, self.run.startup.settings.show):
            for text, style in line:
                terminalreporter.write(text, **({style: True, "bold": True} if style else {}))
            terminalreporter.write_line("")
        for error in self.run.report_errors:
            terminalreporter.write_line(error, red=True)

    def _tell_shard(self, terminalreporter: Any, shard: ShardPlace) -> None:
        run = self.run
        if run.is_worker or run.config.option.collectonly:
            return
        terminalreporter.section("spec gates")
        place = f"shard {shard.number} of {shard.count}"
        if run.interrupted:
            terminalreporter.write_line(f"{place}: not written, the run was cut short", red=True)
        for error in run.report_errors:
            terminalreporter.write_line(error, red=True)
        if not run.interrupted and not run.report_errors:
            files = "specgates-shard-*.json"
            terminalreporter.write_line(f"{place}: {shard.file}; no gate was judged")
            terminalreporter.write_line(f"judge all shards with: specgates merge {files}")
