"""What a run has shown, for its gates: results, samples, numbers, coverage, memory."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ..model import CoverageData, Gate, RunEvidence, TestRef
from . import quiet, quiet_memory, sampling

if TYPE_CHECKING:
    from .run import GateRun


def evidence_of(run: GateRun, gates: Sequence[Gate]) -> RunEvidence:
    """What the run has shown so far, and what is measured once it is over."""
    recorder = run.recorder
    samples, reason = dict(recorder.samples), ""
    missing = _benchmarks_without_samples(run, gates)
    if missing and run.config.pluginmanager.hasplugin("dsession") and not recorder.lost:
        reason = _benchmarks_off(run.config)
        if reason:
            missing = {n: asked for n, asked in missing.items() if n in recorder.loads}
        if missing:
            found, why = quiet.measure_quietly(run.config, sorted(missing), missing)
            samples.update(found)
            reason = reason or why
    bound = run.marks.bound

    def marked(ref: TestRef) -> TestRef:
        names = bound.get(ref.nodeid)
        return replace(ref, criteria=names) if names else ref

    shown = RunEvidence(
        results={
            nodeid: replace(result, ref=marked(result.ref)) if nodeid in bound else result
            for nodeid, result in recorder.results.items()
        },
        collected=frozenset(recorder.collected - run.gates.keys()),
        unselected=tuple(map(marked, recorder.unselected.values())),
        roots=run.startup.selection.roots,
        left_out=run.startup.selection.left_out,
        narrowed=run.startup.selection.narrowed,
        lost="; ".join(recorder.lost),
        samples=samples,
        samples_reason=reason,
        figures=recorder.figures,
        coverage=_coverage(run),
    )
    return replace(shown, memory=quiet_memory.memory_of(run, gates, shown))


def _benchmarks_without_samples(run: GateRun, gates: Sequence[Gate]) -> dict[str, tuple[int, bool]]:
    ran = [
        result.ref
        for nodeid, result in run.recorder.results.items()
        if result.outcome in ("passed", "xpassed") and nodeid not in run.recorder.samples
    ]
    return sampling.needed(gates, (ref for ref in ran if ref.is_benchmark))


def _benchmarks_off(config: pytest.Config) -> str:
    """The option by which the user has switched benchmarks off, as a reason."""
    for option in ("benchmark_disable", "benchmark_skip"):
        if getattr(config.option, option, False):
            return f"--{option.replace('_', '-')}"
    if not config.pluginmanager.hasplugin("benchmark"):
        return "pytest-benchmark is off"
    return ""


def _coverage(run: GateRun) -> CoverageData:
    config = run.config
    if not any(c.kind == "coverage" for gate in run.gates.values() for c in gate.checks):
        return CoverageData(reason="no gate asks for coverage")
    if run.startup.outer_coverage is not None:
        return _outer_coverage(run, run.startup.outer_coverage)
    if not hasattr(config.option, "cov_source"):
        return CoverageData(
            reason="coverage was not measured: pytest-cov is off (-p no:cov)",
            next_step="run with pytest-cov",
        )
    if config.option.no_cov:
        return CoverageData(
            reason="coverage was not measured: --no-cov", next_step="run without --no-cov"
        )
    if config.option.cov_append:
        return CoverageData(
            reason="--cov-append mixes in what an earlier run covered",
            next_step="run without --cov-append",
        )
    plugin = config.pluginmanager.get_plugin("_cov")
    controller = getattr(plugin, "cov_controller", None)
    if controller is None:
        return CoverageData(reason="coverage was not measured", next_step="run with --cov")
    return CoverageData(coverage=controller.cov)


def _outer_coverage(run: GateRun, coverage: Any) -> CoverageData:
    """What `coverage run -m pytest` has measured so far. It rests while it is read."""
    coverage.stop()
    run.until_judged.callback(_without_warnings, coverage.start)
    _without_warnings(coverage.get_data)
    return CoverageData(coverage=coverage)


def _without_warnings(call: Callable[[], object]) -> None:
    """What coverage has to say of its data and of its start, it says by itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        call()
