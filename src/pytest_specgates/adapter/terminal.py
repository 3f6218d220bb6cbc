"""The terminal's lines: a header, the section of the gates, what could not be written."""

from __future__ import annotations

from typing import Any

import pytest

from ..report.terminal import render
from .run import REPORT, GateRun


class TerminalSection:
    def __init__(self, run: GateRun) -> None:
        self.run = run

    def pytest_report_header(self) -> list[str]:
        selection = self.run.startup.selection
        count = len(self.run.gates)
        if not selection.collected:
            return [f"spec gates: not judged, {selection.narrowed}"]
        files = len(selection.collected)
        return [f"spec gates: {count} gates in {files} spec file{'s' if files != 1 else ''}"]

    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        report = config.stash.get(REPORT, None)
        if report is None:
            return
        terminalreporter.section("spec gates")
        verbose = config.get_verbosity()
        for line, style in render(report, terminalreporter._tw.fullwidth, verbose):
            terminalreporter.write_line(line, **({style: True, "bold": True} if style else {}))
        for error in self.run.report_errors:
            terminalreporter.write_line(error, red=True)
