"""What long work of probes may use, and the line that tells how far it has come."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest


def cores() -> int:
    """How many processes may be busy: with workers of pytest-xdist beside, a share of them."""
    if hasattr(os, "sched_getaffinity"):
        available = len(os.sched_getaffinity(0))
    else:
        available = os.cpu_count() or 1
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return available
    beside = os.environ.get("PYTEST_XDIST_WORKER_COUNT", "")
    return max(available // int(beside), 1) if beside.isdigit() and int(beside) else 1


def progress_line(config: pytest.Config) -> Callable[[str], None] | None:
    """What shows a line in place of the one before, on a terminal; None elsewhere."""
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not getattr(reporter, "isatty", False):
        return None

    def tell(text: str) -> None:
        reporter.ensure_newline()
        reporter.rewrite(text, erase=True)
        if not text:
            reporter.write("\r")

    return tell
