"""The gate report of a run: put together at its end, and written where it was asked for."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .. import pipeline
from ..measure import git
from ..model import GateReport, Identity, Kept
from ..pipeline.identity import machine, utc, versions
from ..pipeline.report_files import report_file
from ..report.summary import expired

if TYPE_CHECKING:
    from .run import GateRun
    from .settings import Settings


def gate_report(run: GateRun) -> GateReport:
    startup = run.startup
    selection = startup.selection
    files = [startup.loaded.files[p] for p in selection.collected if p in startup.loaded.files]
    errors = [str(error) for file in files for error in file.all_errors]
    errors.extend(run.mark_errors())
    judged = tuple(run.judged())
    waivers = pipeline.waiver_states(startup.loaded, judged)
    errors.extend(expired(state) for state in waivers if state.state == "expired")
    statements = tuple(s for file in files for spec in file.specs for s in spec.statements)
    called_for = list(run.gates.values())
    notes = [f"switched on for the gates: {what}" for what in startup.switched_on]
    notes.extend(startup.notes)
    if not selection.collected:
        called_for = [gate for file in startup.loaded.files.values() for gate in file.gates]
        notes.append(f"no gate was judged: {selection.narrowed}")
    elif selection.narrowed:
        notes.append(
            f"{selection.narrowed}: what `spec` markers elsewhere ask of a criterion is not known"
        )
    commit, dirty = git.commit_and_dirty(startup.settings.root)
    base = run.base if "base" in vars(run) else None
    return GateReport(
        identity=Identity(
            commit=commit,
            dirty=dirty,
            spec_digest=startup.loaded.digest,
            versions=versions(),
            machine=machine(),
            started=utc(run.started),
            ended=utc(datetime.datetime.now(datetime.timezone.utc)),
            stage=startup.settings.stage,
            base=f"{base.ref} {base.commit}".strip() if base else "",
        ),
        judged=judged,
        unjudged=tuple(gate for gate in called_for if gate.nodeid not in run.verdicts),
        statements=statements,
        errors=tuple(errors),
        notes=tuple(notes),
        interrupted=run.interrupted,
        waivers=waivers,
        comparison=run.comparison,
        evidence=_kept(run),
        coverage=run.covered,
    )


def _kept(run: GateRun) -> tuple[Kept, ...]:
    """The files of coverage that gates were judged by, where they are kept."""
    root = run.startup.settings.root.resolve()
    judged = (r for v in run.verdicts.values() for r in v.results if r.value is not None)
    options = [one.check.options for one in judged if one.check.kind == "coverage"]
    given = dict.fromkeys(str(one["from"]) for one in options if "from" in one)
    found = [Kept("coverage", name, _digest(root / name)) for name in given]
    return (*_data_of_run(run, root), *found)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _data_of_run(run: GateRun, root: Path) -> tuple[Kept, ...]:
    """The data of coverage, where a gate was judged by them and they are kept in a file."""
    controller = getattr(run.config.pluginmanager.get_plugin("_cov"), "cov_controller", None)
    coverage = getattr(controller, "cov", None)
    judged = any(r.check.kind == "coverage" for v in run.verdicts.values() for r in v.results)
    if coverage is None or not judged:
        return ()
    file = Path(coverage.get_data().data_filename()).resolve()
    if not file.is_file() or not file.is_relative_to(root):
        return ()
    return (Kept("coverage data", file.relative_to(root).as_posix(), _digest(file)),)


def remove_old_reports(config: pytest.Config, settings: Settings) -> None:
    """Nothing of an earlier run may lie where this run's report is expected, not even if
    this one dies."""
    files = [report_file(one, config.invocation_params.dir)[1] for one in settings.reports]
    if settings.shard is not None:
        files.append(config.invocation_params.dir / settings.shard.file)
    for file in files:
        # What cannot be removed cannot be written either, which is told at the end.
        with contextlib.suppress(OSError):
            file.unlink()
