"""Registers what a run with gates needs, and adds its specs to what pytest collects."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ..pipeline import ci
from ..pipeline.weakening_gate import WEAKENING
from .assemble import remove_old_reports
from .ci import OfGitHub
from .policy import PolicyItems
from .run import RUN, GateRun
from .terminal import TerminalSection

_GATE_MARKER = "spec_gate(level, stage, kind): a gate of a spec, made by pytest-specgates"


def register(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _GATE_MARKER)
    run = GateRun(config)
    config.stash[RUN] = run
    if not run.is_worker:
        remove_old_reports(config, run.startup.settings)
    selection = run.startup.selection
    for path in selection.collected if run.shard is None else ():
        # What was named is among the arguments; a file beside the specs that has errors is not.
        wanted = not selection.named or path in selection.beside
        if wanted and not _is_reached(config, config.rootpath / path):
            config.args.append(str(config.rootpath / path))
    config.pluginmanager.register(run.recorder, "specgates-recorder")
    config.pluginmanager.register(run.marks, "specgates-marks")
    if WEAKENING.nodeid in run.gates:
        config.pluginmanager.register(PolicyItems(WEAKENING), "specgates-policy")
    config.pluginmanager.register(run, "specgates-run")
    config.pluginmanager.register(TerminalSection(run), "specgates-terminal")
    if ci.is_github(os.environ) and not run.is_worker:
        config.pluginmanager.register(OfGitHub(config), "specgates-github")


def _is_reached(config: pytest.Config, spec: Path) -> bool:
    """Whether pytest's arguments lead to the spec already. Before pytest 9 a file that is
    named beside a folder of its path keeps the rest of the folder from being collected."""
    given = [config.invocation_params.dir / str(arg).partition("::")[0] for arg in config.args]
    if spec in given:
        return True
    return pytest.version_tuple < (9,) and any(folder in spec.parents for folder in given)
