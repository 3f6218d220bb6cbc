"""Records what the run shows: outcomes, what was left out, samples, what went wrong."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable
from dataclasses import asdict
from typing import Any

import pytest

from ..model import OUTCOME_RANK, Figure, Samples, TestRef, TestResult
from . import figures, measured, sampling
from .marks import Marks


def ref_of(item: pytest.Item) -> TestRef:
    return TestRef(
        item.nodeid,
        frozenset(marker.name for marker in item.iter_markers()),
        "benchmark" in getattr(item, "fixturenames", ()),
    )


class Recorder:
    """A pytest plugin that only listens. Gate items never reach it: `is_gate` tells them."""

    def __init__(
        self,
        plan: sampling.Plan,
        is_worker: bool,
        spec_paths: Collection[str] = (),
        marks: Marks | None = None,
    ) -> None:
        self.plan = plan
        self.marks = marks
        self.spec_paths = frozenset(spec_paths)
        self.is_worker = is_worker
        self.results: dict[str, TestResult] = {}
        self.refs: dict[str, TestRef] = {}
        self.collected: set[str] = set()
        self.unselected: dict[str, TestRef] = {}
        self.samples: dict[str, Samples] = {}
        self.figures: dict[str, tuple[Figure, ...]] = {}
        self.loads: set[str] = set()
        self.lost: list[str] = []
        self._before: dict[str, pytest.Item] = {}

    # -- collection

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        # A conftest file that is loaded late can drop items before any other hook sees them.
        if not is_gate(item):
            self._before[item.nodeid] = item

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(
        self, items: list[pytest.Item]
    ) -> Generator[None, object, object]:
        # Taken before -k, -m, --deselect, plugins and conftest files drop anything, and
        # compared with what is left, whether or not they report it.
        self._before.update((item.nodeid, item) for item in items if not is_gate(item))
        return (yield)

    def note_items(self, session: pytest.Session) -> None:
        """What is left to run, once everything that selects and orders has had its turn."""
        if self.marks is not None:
            tests = {item.nodeid: item for item in session.items if not is_gate(item)}
            self.marks.note({**self._before, **tests}.values())
        kept = {item.nodeid for item in session.items}
        for item in self._before.values():
            if item.nodeid not in kept:
                self.unselected[item.nodeid] = ref_of(item)
        self._before = {}
        for item in session.items:
            if is_gate(item):
                continue
            self.collected.add(item.nodeid)
            if self.plan and "benchmark" in getattr(item, "fixturenames", ()):
                sampling.ask(item, ref_of(item), self.plan)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        # A spec that cannot be read is an error of its own, not a lack of tests.
        if report.nodeid.partition("::")[0] in self.spec_paths:
            return
        if report.failed:
            self.lost.append(f"{report.nodeid} could not be collected")
        elif report.skipped:
            # A module that skips itself, for one: its tests are skipped, whatever they are.
            self.results[report.nodeid] = TestResult(TestRef(report.nodeid), "skipped")

    # -- running

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        extra: dict[str, Any] = {}
        if call.when == "setup":
            ref = ref_of(item)
            extra["markers"] = sorted(ref.markers)
            extra["load"] = measured.is_measured(item)
            extra["benchmark"] = ref.is_benchmark or extra["load"]
        elif call.when == "call" and not self.is_worker:
            # Some versions of pytest-benchmark (5.1 is one) measure in workers too, under load.
            samples = measured.samples_of(item) or sampling.taken(item)
            if samples is not None:
                extra["samples"] = {**asdict(samples), "rounds": list(samples.rounds)}
        given = figures.given_since(item, call.when)
        if given is not None:
            extra["figures"] = given
        if extra:
            # An attribute of the report crosses xdist, also from a worker that dies later.
            report.specgates = extra  # type: ignore[attr-defined]  # xdist sends it
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if self.is_worker:
            return
        extra: dict[str, Any] = getattr(report, "specgates", None) or {}
        if "gate" in extra:
            return
        nodeid = report.nodeid
        if "markers" in extra:
            self.refs[nodeid] = TestRef(nodeid, frozenset(extra["markers"]), extra["benchmark"])
            if extra["load"]:
                self.loads.add(nodeid)
        if report.when == "setup":
            self.figures.pop(nodeid, None)  # of a run that is repeated now
        if "figures" in extra:
            found = figures.figures_of(extra["figures"])
            self.figures[nodeid] = (*self.figures.get(nodeid, ()), *found)
        if "samples" in extra:
            taken: dict[str, Any] = extra["samples"]
            listed = {name: tuple(taken[name]) for name in ("rounds", "counts")}
            self.samples[nodeid] = Samples(**{**taken, **listed})
        self._count(report)

    def _count(self, report: pytest.TestReport) -> None:
        nodeid = report.nodeid
        before = self.results.get(nodeid)
        reruns = before.reruns if before else 0
        ref = self.refs.get(nodeid) or TestRef(nodeid)
        outcome: str = report.outcome
        if outcome == "rerun":
            self.results[nodeid] = TestResult(ref, "error", reruns + 1)
            return
        expected = hasattr(report, "wasxfail")
        if outcome == "failed":
            outcome = "failed" if report.when == "call" else "error"
        elif outcome == "skipped":
            outcome = "xfailed" if expected else "skipped"
        elif expected and report.when == "call":
            outcome = "xpassed"
        elif report.when != "call":
            return
        after_rerun = before is not None and report.when == "call" and reruns > 0
        if before is None or after_rerun or OUTCOME_RANK[outcome] >= OUTCOME_RANK[before.outcome]:
            self.results[nodeid] = TestResult(ref, outcome, reruns)

    # -- pytest-xdist

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: object, ids: Iterable[str]) -> None:
        self.collected.update(ids)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        output = getattr(node, "workeroutput", None)
        if error or not output:
            self.lost.append(f"worker {node.gateway.id} died")
            return
        for nodeid, markers, benchmark in output.get("specgates", {}).get("unselected", ()):
            self.unselected[nodeid] = TestRef(nodeid, frozenset(markers), benchmark)


def is_gate(item: object) -> bool:
    return hasattr(item, "gate") and hasattr(item, "emit")
