"""The run of the gates: held back from the loop, judged when their evidence is complete.

Gates on the run's evidence are not in pytest's loop at all: the last test would have a gate
as its next item, so its session fixtures would be torn down after coverage has stopped.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from .. import pipeline
from ..measure import git
from ..measure.benchmarks import may_be_disturbed
from ..measure.coverage_contexts import with_covering_tests
from ..measure.coverage_report import all_analysed
from ..model import (
    Base,
    BaseRun,
    Comparison,
    FileCoverage,
    Gate,
    GateReport,
    JudgedGate,
    Measurement,
    Paired,
    RunEvidence,
    Surroundings,
    Verdict,
)
from ..pipeline.report_files import write_reports
from ..pipeline.weakening_gate import WEAKENING, verdict_of, weakening
from ..understand.marks import with_tests
from . import history, long_work, resampling, sampling, wire
from .evidence import evidence_of
from .items import GateItem, SpecFile, gate_items
from .marks import Marks
from .policy import policy_item
from .recorder import Recorder
from .settings import ShardPlace
from .shard import write_shard
from .startup import STARTUP

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
            self.evidence = evidence_of(self, list(self.gates.values()))
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
        run = self.evidence = evidence_of(self, gates)
        timed = [g for g in gates if any(may_be_disturbed(check) for check in g.checks)]
        self._judge_by(timed, run)
        for _ in range(resampling.MOST):
            unclear = resampling.unclear(self.verdicts, timed, run)
            if not unclear:
                break
            run = self.evidence = resampling.with_more_samples(self.config, unclear, run)
            for gate in timed:
                del self.verdicts[gate.nodeid]
            self._judge_by(timed, run)
        missed = resampling.missed(self.verdicts, timed)
        if missed:
            again = resampling.samples_again(self.config, self.verdicts, missed, run)
            run = replace(run, again=again)
            for gate in missed:
                del self.verdicts[gate.nodeid]
        self._judge_by(gates, run)
        self.covered = with_covering_tests(all_analysed(self.cache), self.surroundings(run))

    def _judge_by(self, gates: Sequence[Gate], run: RunEvidence) -> None:
        stage = self.startup.settings.stage
        around = replace(self.surroundings(run), cache=self.cache)
        verdicts = pipeline.judge_all(gates, self.startup.kinds, around, stage)
        self.verdicts.update(verdicts)

    def _compare_with_base(self) -> None:
        for item in self.held:
            if item.gate.spec == WEAKENING.spec:
                settings = self.startup.settings
                found = weakening(settings.root, settings.base)
                self.gates[item.nodeid] = item.gate = found.gate
                self.verdicts[item.nodeid] = verdict_of(found)
                self.comparison = found.comparison

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
