"""What a pytest does that another one has started, to measure something for its gates. Nothing is
imported that it does not need: many of them may be started."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest


def register(config: pytest.Config) -> None:
    """The plugins of such a process."""
    given, manager = config.option, config.pluginmanager
    if not given.spec_gates_of_base:
        manager.register(_Summaries())
        manager.register(_NoSummary())
    if given.spec_gates_samples:
        from .quiet import SampleTaker

        manager.register(SampleTaker(given.spec_gates_samples))
    elif given.spec_gates_memory:
        from .memory_taker import MemoryTaker

        manager.register(MemoryTaker(config))
    elif given.spec_gates_of_base:
        from .of_base import BaseTaker

        BaseTaker(config).register()
    else:
        from .own_benchmark import OwnFixture

        if given.spec_gates_blocks:
            from .blocks import Blocks

            blocks = Blocks(config)
            manager.register(blocks, "specgates-blocks")
            manager.register(OwnFixture(blocks), "specgates-fixture")
        else:
            from .counting import Counting

            counting = Counting(config)
            manager.register(counting, "specgates-counting")
            manager.register(OwnFixture(counting), "specgates-fixture")


def why(call: pytest.CallInfo[None]) -> str:
    """The first line of what a test raised; "" if nothing."""
    message = str(call.excinfo.value) if call.excinfo is not None else ""
    return (message.strip().splitlines() or [""])[0][:200]


def modules_below(head: str, root: Path) -> list[str]:
    """The files of the change (below `head`) that this process has imported, though the base
    (at `root`) has them too."""
    found = []
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        path = os.path.realpath(file) if isinstance(file, str) else ""
        if path.startswith(head + os.sep):
            name = os.path.relpath(path, head)
            if (root / name).is_file():
                found.append(name.replace(os.sep, "/"))
    return sorted(found)


class _UnreadError(Exception):
    """Raised in the place of the summaries of other plugins."""


class _NoSummary:
    """Nobody reads what plugins would tell at the end, and some import much to tell it: that of
    Hypothesis takes as long to end as pytest takes to start."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_terminal_summary(self) -> None:
        raise _UnreadError


class _Summaries:
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self) -> Generator[None, object, object]:
        try:
            return (yield)
        except _UnreadError:
            return []
