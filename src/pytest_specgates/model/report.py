"""What is reported: the verdicts of a run, and the run's identity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from .change import Comparison
from .check import Gate
from .coverage import FileCoverage
from .spec import Waiver
from .verdict import Verdict
from .words import STATUSES, Stage, Status


@dataclass(frozen=True, slots=True)
class JudgedGate:
    gate: Gate
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a spec that is not a gate, and why."""

    spec: str
    path: str
    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class WaiverState:
    """How a waiver stands after a run. `used` are the addresses of the gates that it lets pass."""

    waiver: Waiver
    state: Literal["used", "unused", "expired"]
    days_left: int
    used: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of evidence that the run left behind: its path (POSIX, relative to the root)."""

    what: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Which run of which code this is; times are UTC, ISO 8601."""

    commit: str
    dirty: bool | None
    spec_digest: str
    versions: Mapping[str, str]
    machine: Mapping[str, str]
    started: str
    ended: str
    stage: Stage
    base: str = ""


@dataclass(frozen=True, slots=True)
class GateReport:
    """All verdicts of a run. `unjudged` are the gates that the specs call for and that were not."""

    identity: Identity
    judged: tuple[JudgedGate, ...]
    unjudged: tuple[Gate, ...]
    statements: tuple[Statement, ...]
    errors: tuple[str, ...]
    notes: tuple[str, ...]
    interrupted: str = ""
    waivers: tuple[WaiverState, ...] = ()
    evidence: tuple[Kept, ...] = ()
    comparison: Comparison | None = None
    """What differs from the base, where it was compared."""
    coverage: tuple[FileCoverage, ...] = ()
    """The files that coverage gates looked at, where they were judged."""

    @property
    def verdict(self) -> Literal["passed", "failed", "incomplete"]:
        if self.errors or any(j.verdict.blocking for j in self.judged):
            return "failed"
        if self.unjudged or self.interrupted:
            return "incomplete"
        return "passed"

    @property
    def counts(self) -> dict[Status, int]:
        counts: dict[Status, int] = dict.fromkeys(STATUSES, 0)
        for judged in self.judged:
            counts[judged.verdict.status] += 1
        return counts


@dataclass(frozen=True, slots=True)
class Format:
    """A format of reports: a pure function from a report to its text, and the file that it
    goes to where none is named."""

    render: Callable[[GateReport], str]
    default_file: str
