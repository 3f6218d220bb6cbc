"""The base's own tests, run on its own code: what they cover there.

The base is checked out in a git worktree, and a pytest of its own runs there, with what is
installed here. What it shows comes back as the file of a shard, the only one of its suite.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ..errors import ProbeError
from ..measure import git
from ..measure.coverage_data import recorded_coverage, restored_coverage
from ..model import BaseRun, CoverageData, RunEvidence, Shard
from ..pipeline.identity import machine, utc, versions
from ..read import configuration
from ..report.recorded import ReportError
from ..report.shard_file import read_shard, render_shard
from . import own_pytest
from .own_process import modules_below
from .progress import tell
from .recorder import Recorder

if TYPE_CHECKING:
    from .run import GateRun

_LIMIT = 3600
"""Seconds that the tests of the base may take."""


@contextlib.contextmanager
def base_run(run: GateRun, of_tests: bool) -> Iterator[BaseRun]:
    """The tests of the base, run in a worktree that is there as long as the context; `of_tests`
    asks for which test covered what."""
    with tempfile.TemporaryDirectory(prefix="specgates-") as made:
        folder = Path(made).resolve()
        try:
            with git.worktree(run.config.rootpath, run.base.commit, folder / "base") as root:
                yield _measured(run, root, folder, of_tests)
        except git.GitError as error:
            yield BaseRun(reason=f"it could not be checked out: git: {error}")


def _measured(run: GateRun, root: Path, folder: Path, of_tests: bool) -> BaseRun:
    plan, out, config_file = (
        folder / "plan.json",
        folder / "shown.json",
        _configuration(run, folder),
    )
    head = str(run.config.rootpath.resolve())
    plan.write_text(json.dumps({"out": str(out), "head": head}), encoding="utf-8")
    arguments = [*_options(run, root, config_file, of_tests), "--spec-gates-of-base", str(plan)]
    tell(run.config, f"running the tests of the base, {run.base.ref}")
    started = time.monotonic()
    try:
        done = own_pytest.run(run.config, root, arguments, _LIMIT)
    except subprocess.TimeoutExpired:
        return BaseRun(reason=f"its tests took more than {_LIMIT} s")
    seconds = time.monotonic() - started
    if done.returncode:
        told = own_pytest.last_line(done)
        return BaseRun(
            reason=f"its tests do not pass here (exit {done.returncode}: {told})",
            next_step="run the tests of the base with what is installed here",
        )
    foreign = sorted({n for file in folder.glob("foreign-*") for n in json.loads(file.read_text())})
    if foreign:
        return BaseRun(
            reason=f"its tests imported {foreign[0]} of this change instead of its own",
            next_step="let the tests find the code by `pythonpath`, relative to the root",
        )
    try:
        shard = read_shard(out.read_text("utf-8"))
        if shard.coverage is None:
            return BaseRun(reason=shard.evidence.coverage.reason)
        coverage = restored_coverage([shard.coverage], root, config_file)
    except (OSError, ReportError, ProbeError) as error:
        return BaseRun(reason=f"what its tests showed cannot be read: {error}")
    evidence = replace(shard.evidence, coverage=CoverageData(coverage=coverage))
    return BaseRun(root, evidence, f"whose tests were run in a worktree ({seconds:.1f} s)")


def _configuration(run: GateRun, folder: Path) -> Path:
    """The configuration of coverage that this run has, so that both are measured alike."""
    given = str(getattr(run.config.option, "cov_config", ".coveragerc"))
    if given != ".coveragerc":
        return run.config.invocation_params.dir / given
    root = run.config.rootpath
    texts = {}
    for name in configuration.COVERAGE_FILES:
        if (root / name).is_file():
            texts[name] = (root / name).read_text("utf-8", errors="replace")
    for name in configuration.coverage_files(texts):
        return root / name
    empty = folder / "empty.coveragerc"
    empty.write_text("")
    return empty


def _options(run: GateRun, root: Path, config_file: Path, of_tests: bool) -> list[str]:
    config = run.config
    coverage = run.evidence.coverage.coverage
    made = [f"--cov={source}" for source in _sources(coverage, config.rootpath, root)]
    made += ["--cov-report=", "--cov-fail-under=0", f"--cov-config={config_file}"]
    if coverage.get_data().has_arcs():
        made.append("--cov-branch")
    if of_tests:
        made.append("--cov-context=test")
    workers = getattr(config.option, "numprocesses", None)
    if config.pluginmanager.hasplugin("dsession") and workers:
        made += ["-n", str(workers), "--dist", str(config.option.dist)]
    return made


def _sources(coverage: Any, head: Path, root: Path) -> list[str]:
    """What coverage is asked to measure: the same, of the base."""
    sources = coverage.get_option("run:source")
    found = []
    for source in sources if isinstance(sources, list) and sources else [str(head)]:
        path = (head / source).resolve()
        if path.is_relative_to(head.resolve()) and path.exists():
            there = root / path.relative_to(head.resolve())
            if there.exists():
                found.append(str(there))
        else:
            found.append(str(source))
    return found or [str(root)]


class BaseTaker:
    """The plugin of the process that runs the base's tests, and of its workers."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        plan = json.loads(Path(config.option.spec_gates_of_base).read_text("utf-8"))
        self.out, self.head = Path(plan["out"]), str(plan["head"])
        self.is_worker = hasattr(config, "workerinput")
        self.recorder = Recorder([], self.is_worker)

    def register(self) -> None:
        self.config.pluginmanager.register(self.recorder, "specgates-recorder")
        self.config.pluginmanager.register(self, "specgates-of-base")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.recorder.note_items(session)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        names = modules_below(self.head, self.config.rootpath)
        file = self.out.parent / f"foreign-{os.getpid()}.json"
        file.write_text(json.dumps(names), encoding="utf-8")
        if not self.is_worker:
            self.out.write_text(render_shard(self._shard()), encoding="utf-8")

    def _shard(self) -> Shard:
        controller = getattr(self.config.pluginmanager.get_plugin("_cov"), "cov_controller", None)
        recorder = self.recorder
        now = utc(datetime.datetime.now(datetime.timezone.utc))
        measured = None
        if controller is not None:
            measured = recorded_coverage(controller.cov, self.config.rootpath, "")
        return Shard(
            number=1,
            count=1,
            commit="",
            dirty=False,
            spec_digest="",
            versions=versions(),
            machine=machine(),
            started=now,
            ended=now,
            evidence=RunEvidence(
                results=recorder.results,
                collected=frozenset(recorder.collected),
                unselected=tuple(recorder.unselected.values()),
                roots=(".",),
                lost="; ".join(recorder.lost),
                figures=recorder.figures,
                coverage=CoverageData(reason="" if measured else "its coverage was not measured"),
            ),
            coverage=measured,
        )
