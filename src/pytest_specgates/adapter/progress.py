"""What takes long after the last test is told when it begins, so that nobody thinks it hangs."""

from __future__ import annotations

from typing import Any

import pytest


def tell(config: pytest.Config, text: str) -> None:
    """A line on the terminal, for work of many seconds."""
    reporter = _reporter(config)
    if reporter is not None:
        reporter.ensure_newline()
        reporter.write_line(f"spec gates: {text}")


def tell_count(config: pytest.Config, text: str, number: int, total: int) -> None:
    """How far the work has come: one line that counts up on a terminal, the first one only
    where the output is kept."""
    reporter = _reporter(config)
    if reporter is None:
        return
    if not getattr(reporter, "isatty", False):
        if number == 1:
            tell(config, text)
        return
    if number == 1:
        reporter.ensure_newline()
    reporter.rewrite(f"spec gates: {text}: {number} of {total}", erase=True)
    if number == total:
        reporter.write_line("")


def _reporter(config: pytest.Config) -> Any:
    if config.get_verbosity() < 0:
        return None
    return config.pluginmanager.get_plugin("terminalreporter")
