"""In GitHub Actions: the summary of the job is written, and criteria are annotated."""

from __future__ import annotations

import os
from typing import Any

import pytest

from ..pipeline import ci
from .run import REPORT


class OfGitHub:
    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.error = ""

    def pytest_sessionfinish(self) -> None:
        report = self.config.stash.get(REPORT, None)
        if report is not None:
            self.error = ci.write_summary(report, os.environ)

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        report = self.config.stash.get(REPORT, None)
        if report is None:
            return
        if self.error:
            terminalreporter.write_line(self.error, yellow=True)
        for command in ci.annotating_commands(report, self.config.rootpath, os.environ):
            terminalreporter.write_line(command)
