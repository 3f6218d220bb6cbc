"""The run of the gates: held back from the loop, judged when their evidence is complete.

Gates on the run's evidence are not in pytest's loop at all: the last test would have a gate
as its next item, so its session fixtures would be torn down after coverage has stopped.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import time
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from .. import pipeline
from ..measure import git
from ..measure.benchmarks import may_be_disturbed, samples_that_decide
from ..measure.coverage_contexts import with_covering_tests
from ..measure.coverage_report import all_analysed
from ..model import (
    Base,
    BaseRun,
    Comparison,
    CoverageData,
    FileCoverage,
    Gate,
    GateReport,
    JudgedGate,
    Measurement,
    Paired,
    RunEvidence,
    Samples,
    Surroundings,
    TestRef,
    Verdict,
)
from ..pipeline.report_files import write_reports
from ..pipeline.weakening_gate import WEAKENING, verdict_of, weakening
from ..understand.marks import with_tests
from . import history, long_work, quiet, quiet_memory, sampling, wire
from .items import GateItem, SpecFile, gate_items
from .marks import Marks
from .policy import policy_item
from .recorder import Recorder
from .settings import ShardPlace
from .shard import write_shard
from .startup import STARTUP

_SAMPLED_ON, _SECONDS = 3, 2.0
"""How often a benchmark is sampled on where its samples do not decide, each time for so many
seconds of calls at most."""
RUN: pytest.StashKey[GateRun] = pytest.StashKey()
REPORT: pytest.StashKey[GateReport] = pytest.StashKey()


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    try:
        before = os.getcwd()
    except OSError:
        before = ""  # it is gone
    os.chdir(folder)
    try:
        yield
    finally:
        if before:
            os.chdir(before)


class GateRun:
    """The pytest plugin of a run with --spec-gates."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.startup = config.stash[STARTUP]
        self.gates = {gate.nodeid: gate for gate in self.startup.gates()}
        self.shard = self.startup.settings.shard
        self.evidence = RunEvidence()
        self.until_judged = contextlib.ExitStack()
        self.pairs: dict[tuple[str, str], Mapping[str, Paired]] = {}
        self.cache: dict[Any, Any] = {}
        if self.gates and self.startup.settings.base and self.shard is None:
            self.gates[WEAKENING.nodeid] = WEAKENING
        self.comparison: Comparison | None = None
        self.is_worker = hasattr(config, "workerinput")
        self.marks = Marks(self.startup.everything)
        self.recorder = Recorder(
            sampling.plan_of(list(self.gates.values())),
            self.is_worker,
            self.startup.selection.collected,
            self.marks,
        )
        self.started = datetime.datetime.now(datetime.timezone.utc)
        self.verdicts: dict[str, Verdict] = {}
        self.covered: tuple[FileCoverage, ...] = ()
        self.held: list[GateItem] = []
        self.held_ids: list[str] = []
        self.selected: list[GateItem] = []
        self.interrupted = ""
        self.report_errors: list[str] = []
        self.workers_told = False

    # -- collection

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        try:
            path = file_path.relative_to(self.config.rootpath).as_posix()
        except ValueError:
            return None
        if path not in self.startup.selection.collected or self.shard is not None:
            return None
        made: SpecFile = SpecFile.from_parent(parent, path=file_path)
        return made

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> pytest.CollectReport | None:
        # --lf passes over files in which nothing failed last; specs are read all the same.
        if not isinstance(collector, SpecFile) or not self.config.getoption("lf", False):
            return None
        call = pytest.CallInfo.from_call(lambda: list(collector.collect()), "collect")
        if call.excinfo is None:
            return pytest.CollectReport(collector.nodeid, "passed", None, call.result)
        shown = str(collector.repr_failure(call.excinfo))
        return pytest.CollectReport(collector.nodeid, "failed", shown, [])

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        # A spec may be reached twice (its folder and the file itself); it is judged once.
        seen: set[str] = set()
        kept = []
        for item in items:
            if isinstance(item, GateItem):
                if item.nodeid in seen:
                    continue
                seen.add(item.nodeid)
            kept.append(item)
        if len(kept) != len(items):
            items[:] = kept
        self.selected = [item for item in items if isinstance(item, GateItem)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if session.config.getoption("lf", False):
            self._keep_gates(session)
        self.recorder.note_items(session)
        self._bind_tests(session.items)
        if not self.is_worker:
            return
        self.held = self._take_out(session)
        output: dict[str, Any] = self.config.workeroutput  # type: ignore[attr-defined]  # of xdist
        output["specgates"] = {
            "held": [item.nodeid for item in self.held],
            "unselected": [
                [ref.nodeid, sorted(ref.markers), ref.is_benchmark]
                for ref in self.recorder.unselected.values()
            ],
            "marked": {nodeid: sorted(names) for nodeid, names in self.marks.bound.items()},
            "unknown_marks": self.marks.unknown,
        }

    def _bind_tests(self, items: Iterable[pytest.Item]) -> None:
        """Give the gates that `spec` markers name the check on those tests, before anything is
        judged: a gate that rests on tests is not judged in the loop."""
        named = {address for names in self.marks.bound.values() for address in names}
        if not named:
            return
        addresses = self.marks.criteria.addresses
        for nodeid, gate in self.gates.items():
            address = addresses.get(nodeid, "")
            if address in named:
                self.gates[nodeid] = with_tests(gate, address)
        for item in items:
            if isinstance(item, GateItem):
                item.gate = self.gates[item.nodeid]

    def _keep_gates(self, session: pytest.Session) -> None:
        # --lf runs what failed last, after -k and -m have selected. A gate that held then
        # need not hold now: it is judged, and says that the run was partial.
        there = {id(item) for item in session.items}
        dropped = [item for item in self.selected if id(item) not in there]
        session.items.extend(dropped)
        session.testscollected += len(dropped)

    def _take_out(self, session: pytest.Session) -> list[GateItem]:
        """Remove from the loop what is not judged in it."""
        held = [i for i in session.items if isinstance(i, GateItem) and not self._in_loop(i.gate)]
        if held:
            ids = {id(item) for item in held}
            session.items[:] = [item for item in session.items if id(item) not in ids]
        return held

    def _in_loop(self, gate: Gate) -> bool:
        """Whether the gate is measured like a test: on its own, and not cheaply."""
        if gate.spec == WEAKENING.spec:
            return False
        distributed = self.is_worker or self.config.pluginmanager.hasplugin("dsession")
        if not distributed and pipeline.rests_on(gate, self.startup.kinds) != {"process"}:
            return False
        return pipeline.is_work(gate, self.startup.kinds, self.surroundings(RunEvidence()))

    # -- running

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        if self.is_worker or session.config.option.collectonly:
            return (yield)
        self.held = self._take_out(session)
        try:
            result = yield
        except BaseException as error:
            self.interrupted = str(error) or type(error).__name__
            raise
        if self.shard is not None:
            self.evidence = self._evidence(list(self.gates.values()))
            return result
        self._restore(session)
        # Patterns of the coverage configuration mean paths below the folder that a run began
        # in; a test may have left it.
        with (
            _inside(self.config.invocation_params.dir),
            contextlib.ExitStack() as self.until_judged,
        ):
            self._judge()
        for item in self.held:
            item.emit(self.verdicts[item.nodeid])
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        return result

    def _restore(self, session: pytest.Session) -> None:
        """Put the held gates back among the items: under xdist, make those that the workers
        have selected."""
        distributed = self.config.pluginmanager.hasplugin("dsession")
        if distributed:
            self._bind_tests(())
            wanted = set(self.held_ids)
            if not wanted and self.recorder.lost:
                wanted = {n for n, gate in self.gates.items() if not self._in_loop(gate)}
            for path in self.startup.selection.collected:
                if not any(nodeid.startswith(path) for nodeid in wanted):
                    continue
                file: SpecFile = SpecFile.from_parent(session, path=self.config.rootpath / path)
                self.held.extend(item for item in gate_items(file) if item.nodeid in wanted)
            if WEAKENING.nodeid in wanted:
                self.held.append(policy_item(session, WEAKENING))
            for item in self.held:
                item.gate = self.gates[item.nodeid]
            session.testscollected += len(self.held)
        session.items.extend(self.held)

    def _judge(self) -> None:
        self._compare_with_base()
        gates = [item.gate for item in self.held if item.gate.spec != WEAKENING.spec]
        self.cache = {}
        run = self.evidence = self._evidence(gates)
        timed = [g for g in gates if any(may_be_disturbed(check) for check in g.checks)]
        self._judge_by(timed, run)
        for _ in range(_SAMPLED_ON):
            unclear = self._unclear(timed, run)
            if not unclear:
                break
            run = self.evidence = self._with_more_samples(unclear, run)
            for gate in timed:
                del self.verdicts[gate.nodeid]
            self._judge_by(timed, run)
        missed = self._missed(timed)
        if missed:
            run = replace(run, again=self._samples_again(missed, run))
            for gate in missed:
                del self.verdicts[gate.nodeid]
        self._judge_by(gates, run)
        self.covered = with_covering_tests(all_analysed(self.cache), self.surroundings(run))

    def _judge_by(self, gates: Sequence[Gate], run: RunEvidence) -> None:
        stage = self.startup.settings.stage
        around = replace(self.surroundings(run), cache=self.cache)
        verdicts = pipeline.judge_all(gates, self.startup.kinds, around, stage)
        self.verdicts.update(verdicts)

    def _unclear(self, gates: Sequence[Gate], run: RunEvidence) -> dict[str, tuple[int, bool]]:
        """The benchmarks whose samples do not show on which side of a limit a percentile is, and
        how many more they need, as far as these take no more than a few seconds."""
        found: dict[str, tuple[int, bool]] = {}
        for gate in gates:
            for result in self.verdicts[gate.nodeid].results:
                if result.status != "unmeasured":
                    continue
                for value in result.measurement.values:
                    samples = run.samples.get(value.subject)
                    more = samples_that_decide(result.check, samples) if samples else 0
                    if more and samples and samples.rounds and not samples.counts:
                        most = int(_SECONDS / (sum(samples.rounds) / len(samples.rounds)))
                        before = found.get(value.subject, (0, True))[0]
                        # Twice what would do on average: a process takes longer than its calls.
                        found[value.subject] = max(before, min(2 * more, most)), True
        fewest = {nodeid: count for nodeid, (count, _) in found.items()}
        return {n: one for n, one in found.items() if fewest[n] >= 2 and n in run.results}

    def _with_more_samples(
        self, unclear: Mapping[str, tuple[int, bool]], run: RunEvidence
    ) -> RunEvidence:
        taken, _ = quiet.measure_quietly(self.config, list(unclear), dict(unclear))
        more = {
            nodeid: replace(samples, rounds=run.samples[nodeid].rounds + samples.rounds)
            for nodeid, samples in taken.items()
            if samples.iterations == 1
        }
        return replace(run, samples={**run.samples, **more})

    def _missed(self, gates: Sequence[Gate]) -> list[Gate]:
        """The gates with a check that was missed and might not have been on a quiet machine."""
        return [
            gate
            for gate in gates
            if any(
                result.status == "failed" and may_be_disturbed(result.check)
                for result in self.verdicts[gate.nodeid].results
            )
        ]

    def _samples_again(self, gates: Sequence[Gate], run: RunEvidence) -> dict[str, Samples]:
        """Samples of the benchmarks that missed, taken once more, now that the tests are done."""
        subjects = {
            value.subject
            for gate in gates
            for result in self.verdicts[gate.nodeid].results
            if result.status == "failed"
            for value in result.measurement.values
        }
        measured = sorted(subjects & run.samples.keys() & run.results.keys())
        needed = sampling.needed(gates, (run.results[nodeid].ref for nodeid in measured))
        return quiet.measure_quietly(self.config, list(needed), needed)[0] if needed else {}

    def _compare_with_base(self) -> None:
        for item in self.held:
            if item.gate.spec == WEAKENING.spec:
                settings = self.startup.settings
                found = weakening(settings.root, settings.base)
                self.gates[item.nodeid] = item.gate = found.gate
                self.verdicts[item.nodeid] = verdict_of(found)
                self.comparison = found.comparison

    def _evidence(self, gates: Sequence[Gate]) -> RunEvidence:
        recorder = self.recorder
        samples, reason = dict(recorder.samples), ""
        missing = self._benchmarks_without_samples(gates)
        if missing and self.config.pluginmanager.hasplugin("dsession") and not recorder.lost:
            reason = self._benchmarks_off()
            if reason:
                missing = {n: asked for n, asked in missing.items() if n in recorder.loads}
            if missing:
                found, why = quiet.measure_quietly(self.config, sorted(missing), missing)
                samples.update(found)
                reason = reason or why
        bound = self.marks.bound

        def marked(ref: TestRef) -> TestRef:
            names = bound.get(ref.nodeid)
            return replace(ref, criteria=names) if names else ref

        run = RunEvidence(
            results={
                nodeid: replace(result, ref=marked(result.ref)) if nodeid in bound else result
                for nodeid, result in recorder.results.items()
            },
            collected=frozenset(recorder.collected - self.gates.keys()),
            unselected=tuple(map(marked, recorder.unselected.values())),
            roots=self.startup.selection.roots,
            left_out=self.startup.selection.left_out,
            narrowed=self.startup.selection.narrowed,
            lost="; ".join(recorder.lost),
            samples=samples,
            samples_reason=reason,
            figures=recorder.figures,
            coverage=self._coverage(),
        )
        return replace(run, memory=quiet_memory.memory_of(self, gates, run))

    def _benchmarks_without_samples(self, gates: Sequence[Gate]) -> dict[str, tuple[int, bool]]:
        ran = [
            result.ref
            for nodeid, result in self.recorder.results.items()
            if result.outcome in ("passed", "xpassed") and nodeid not in self.recorder.samples
        ]
        return sampling.needed(gates, (ref for ref in ran if ref.is_benchmark))

    def _benchmarks_off(self) -> str:
        """The option by which the user has switched benchmarks off, as a reason."""
        for option in ("benchmark_disable", "benchmark_skip"):
            if getattr(self.config.option, option, False):
                return f"--{option.replace('_', '-')}"
        if not self.config.pluginmanager.hasplugin("benchmark"):
            return "pytest-benchmark is off"
        return ""

    def _coverage(self) -> CoverageData:
        config = self.config
        if not any(c.kind == "coverage" for gate in self.gates.values() for c in gate.checks):
            return CoverageData(reason="no gate asks for coverage")
        if self.startup.outer_coverage is not None:
            return self._outer_coverage(self.startup.outer_coverage)
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

    def _outer_coverage(self, coverage: Any) -> CoverageData:
        """What `coverage run -m pytest` has measured so far. It rests while it is read."""
        coverage.stop()
        self.until_judged.callback(_without_warnings, coverage.start)
        _without_warnings(coverage.get_data)
        return CoverageData(coverage=coverage)

    def surroundings(self, run: RunEvidence) -> Surroundings:
        return Surroundings(
            root=self.config.rootpath,
            allow=self.startup.settings.allow,
            attestations=self.startup.settings.attestations,
            allowed_signers=self.startup.settings.allowed_signers,
            run=run,
            base=lambda: self.base,
            base_run=lambda: self.base_run,
            paired=self.paired,
            verdicts=dict(self.verdicts),
            cores=long_work.cores(),
            tell=long_work.progress_line(self.config),
        )

    @cached_property
    def base(self) -> Base:
        return git.find_base(self.config.rootpath, self.startup.settings.base)

    @cached_property
    def base_run(self) -> BaseRun:
        checks = [check for gate in self.gates.values() for check in gate.checks if check.against]
        of_tests = any(check.options.get("by") for check in checks)
        from .of_base import base_run

        return self.until_judged.enter_context(base_run(self, of_tests))

    def paired(self, base: Base, way: str) -> Mapping[str, Paired]:
        """What the regression gates compare with that base in that way, measured once."""
        if (base.commit, way) not in self.pairs:
            from .comparing import paired

            self.pairs[base.commit, way] = paired(self, base, way)
        return self.pairs[base.commit, way]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """A gate in the loop is measured here, in a worker if there are any."""
        if not isinstance(item, GateItem):
            return None
        start = time.perf_counter()
        gate = item.gate
        around = self.surroundings(RunEvidence())
        measurements: tuple[Measurement, ...] = ()
        verdict = pipeline.preset(gate, self.startup.settings.stage, around)
        if verdict is None:
            measurements = pipeline.measure(gate, self.startup.kinds, around)
            verdict = pipeline.judge(gate, measurements)
        self.verdicts[gate.nodeid] = verdict = pipeline.timed(verdict, start)
        item.emit(verdict, {"measurements": [wire.packed(m) for m in measurements]})
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        extra: dict[str, Any] = getattr(report, "specgates", None) or {}
        if self.is_worker or "measurements" not in extra or report.nodeid in self.verdicts:
            return
        # From a worker: judged again here, by the same function, from what it measured.
        gate = self.gates.get(report.nodeid)
        if gate is None:
            return
        around = self.surroundings(RunEvidence())
        verdict = pipeline.preset(gate, self.startup.settings.stage, around) or pipeline.judge(
            gate, [wire.unpacked(m) for m in extra["measurements"]]
        )
        self.verdicts[report.nodeid] = replace(verdict, seconds=report.duration)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        output = (getattr(node, "workeroutput", None) or {}).get("specgates")
        if not output:
            return
        # Every worker collects everything, so that one that lives tells it all.
        if not self.held_ids:
            self.held_ids = output["held"]
        for nodeid, names in output["marked"].items():
            self.marks.bound[nodeid] = self.marks.bound.get(nodeid, frozenset()).union(names)
        self.marks.unknown.extend(output["unknown_marks"])
        self.workers_told = True

    # -- the end

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(
        self, session: pytest.Session, exitstatus: int
    ) -> Generator[None, object, object]:
        if self.shard is not None:
            self._write_shard(session, self.shard)
            self.until_judged.close()
        elif not self.is_worker and not self.config.option.collectonly:
            report, self.report_errors = history.report_of(self)
            self.config.stash[REPORT] = report
            folder = self.config.invocation_params.dir
            self.report_errors += write_reports(report, self.startup.settings.reports, folder)
            bad = report.verdict == "failed" or report.interrupted or self.report_errors
            if session.exitstatus == pytest.ExitCode.OK and bad:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return (yield)

    def _write_shard(self, session: pytest.Session, place: ShardPlace) -> None:
        if self.is_worker or self.config.option.collectonly or self.interrupted:
            return
        self.report_errors = write_shard(self, place)
        if session.exitstatus == pytest.ExitCode.OK and self.report_errors:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def mark_errors(self) -> list[str]:
        """What is wrong with the `spec` markers, or that nobody can say which tests have one."""
        errors = list(dict.fromkeys(self.marks.unknown))
        distributed = self.config.pluginmanager.hasplugin("dsession")
        if distributed and self.recorder.lost and not self.workers_told:
            errors.append("no worker lived to tell which tests are marked spec(...)")
        return errors

    def judged(self) -> list[JudgedGate]:
        return [
            JudgedGate(gate, self.verdicts[nodeid])
            for nodeid, gate in self.gates.items()
            if nodeid in self.verdicts
        ]


def _without_warnings(call: Callable[[], object]) -> None:
    """What coverage has to say of its data and of its start, it says by itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        call()
