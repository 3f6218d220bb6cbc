"""Spec files, phases and gates as pytest nodes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from ..model import NOT_MET, Gate, Verdict
from ..pipeline import SpecGates
from ..report.gate_text import failure_text
from .startup import STARTUP

Collected = Iterable[pytest.Item | pytest.Collector]


class SpecFile(pytest.File):
    """A file with specs."""

    def collect(self) -> Collected:
        startup = self.config.stash[STARTUP]
        path = self.path.relative_to(self.config.rootpath).as_posix()
        file = startup.loaded.files[path]
        if not file.gates and file.all_errors:
            raise self.CollectError("\n\n".join(str(error) for error in file.all_errors))
        for error in file.errors:
            yield BrokenSpec.from_parent(self, name=f"line-{error.line}", text=str(error))
        for spec in file.specs:
            if spec.spec.node_prefix:
                for name in spec.spec.node_prefix:
                    yield SpecNode.from_parent(self, name=name, specs=(spec,))
            else:
                yield from _phases(self, spec)


class BrokenSpec(pytest.Collector):
    """A spec that could not be read: collecting it is its error."""

    def __init__(self, *, text: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.text = text

    def collect(self) -> Collected:
        raise self.CollectError(self.text)


class SpecNode(pytest.Collector):
    """One spec of several in a file."""

    def __init__(self, *, specs: tuple[SpecGates, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.specs = specs

    def collect(self) -> Collected:
        for spec in self.specs:
            yield from _phases(self, spec)


class Phase(pytest.Collector):
    """The gates of one phase."""

    def __init__(self, *, gates: list[Gate], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.gates = gates

    def collect(self) -> Collected:
        for gate in self.gates:
            yield GateItem.from_parent(self, name=gate.criterion.id, gate=gate)


class GateItem(pytest.Item):
    """A gate. It is judged by the run, outside pytest's fixtures and capture."""

    def __init__(self, *, gate: Gate, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.gate = gate
        kinds = sorted({check.kind for check in gate.checks})
        self.add_marker(
            pytest.mark.spec_gate(level=gate.level, stage=gate.stage, kind=",".join(kinds))
        )

    def reportinfo(self) -> tuple[Path, int, str]:
        span = self.gate.criterion.span
        return self.config.rootpath / span.path, span.line - 1, f"gate {self.gate.name}"

    def runtest(self) -> None:
        raise RuntimeError(
            f"{self.nodeid}: a plugin ran this gate as a test; gates are judged by pytest-specgates"
        )

    def emit(self, verdict: Verdict, extra: dict[str, Any] | None = None) -> None:
        """Report the verdict as pytest reports a test: setup, call and teardown."""
        stop = time.time()
        hook = self.ihook
        hook.pytest_runtest_logstart(nodeid=self.nodeid, location=self.location)
        keywords: dict[str, Literal[1]] = dict.fromkeys(self.keywords, 1)
        phases: tuple[Literal["setup", "call", "teardown"], ...] = ("setup", "call", "teardown")
        for when in phases:
            report = pytest.TestReport(
                nodeid=self.nodeid,
                location=self.location,
                keywords=keywords,
                outcome="passed",
                longrepr=None,
                when=when,
                duration=verdict.seconds if when == "call" else 0.0,
                start=stop - verdict.seconds,
                stop=stop,
                user_properties=_properties(self.gate, verdict) if when == "call" else (),
            )
            told: dict[str, Any] = {"gate": True}
            report.specgates = told  # type: ignore[attr-defined]  # xdist sends it
            if when == "call":
                self._tell(report, verdict)
                told.update(extra or {})
            hook.pytest_runtest_logreport(report=report)
        hook.pytest_runtest_logfinish(nodeid=self.nodeid, location=self.location)

    def _tell(self, report: pytest.TestReport, verdict: Verdict) -> None:
        reason = f"{verdict.status}: {verdict.sentence}"
        if verdict.blocking:
            report.outcome = "failed"
            report.longrepr = failure_text(self.gate, verdict)
        elif verdict.status == "waived" or verdict.status in NOT_MET:
            report.outcome = "skipped"
            report.wasxfail = reason
            report.longrepr = reason
        elif verdict.status in ("deferred", "not-applicable"):
            path, line, _ = self.reportinfo()
            report.outcome = "skipped"
            report.longrepr = (str(path), line + 1, f"Skipped: {reason}")


def _phases(parent: pytest.Collector, spec: SpecGates) -> Iterator[pytest.Item | pytest.Collector]:
    if spec.errors:
        text = "\n\n".join(str(error) for error in spec.errors)
        yield BrokenSpec.from_parent(parent, name=spec.spec.name, text=text)
        return
    phases: dict[str, list[Gate]] = {}
    for gate in spec.gates:
        phases.setdefault(gate.criterion.phase, []).append(gate)
    for phase, gates in phases.items():
        if phase:
            yield Phase.from_parent(parent, name=phase, gates=gates)
        else:
            for gate in gates:
                yield GateItem.from_parent(parent, name=gate.criterion.id, gate=gate)


def _properties(gate: Gate, verdict: Verdict) -> list[tuple[str, object]]:
    shown = {
        "status": verdict.status,
        "level": gate.level,
        "stage": gate.stage,
        "measured": verdict.measured,
        "required": verdict.required,
        "criterion": gate.criterion.text,
    }
    return [(f"specgates.{name}", value) for name, value in shown.items() if value]


def gate_items(node: pytest.Collector) -> Iterator[GateItem]:
    """All gate items below a node, collected anew."""
    for child in node.collect():
        if isinstance(child, GateItem):
            yield child
        elif isinstance(child, pytest.Collector) and not isinstance(child, BrokenSpec):
            yield from gate_items(child)
