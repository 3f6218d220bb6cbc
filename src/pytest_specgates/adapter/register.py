"""Registers what a run with gates needs, and adds its specs to what pytest collects."""

from __future__ import annotations

import pytest

from .assemble import remove_old_reports
from .quiet import SampleTaker
from .run import RUN, GateRun
from .terminal import TerminalSection

MARKER = "spec_gate(level, stage, kind): a gate of a spec, made by pytest-specgates"


def register(config: pytest.Config) -> None:
    if config.option.spec_gates_samples:
        config.pluginmanager.register(SampleTaker(config.option.spec_gates_samples))
        return
    config.addinivalue_line("markers", MARKER)
    run = GateRun(config)
    config.stash[RUN] = run
    if not run.is_worker:
        remove_old_reports(config, run.startup.settings.reports)
    known = {str(arg).partition("::")[0] for arg in config.args}
    for path in run.startup.selection.collected:
        absolute = str(config.rootpath / path)
        if not run.startup.selection.named and not known & {path, absolute}:
            config.args.append(absolute)
    config.pluginmanager.register(run.recorder, "specgates-recorder")
    config.pluginmanager.register(run, "specgates-run")
    config.pluginmanager.register(TerminalSection(run), "specgates-terminal")
