"""What earlier runs showed, as it is kept: the verdicts and numbers of each, without evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .words import Stage, Status


@dataclass(frozen=True, slots=True)
class PastCheck:
    """One check of a gate: what it measured (`p95 latency`), in the canonical unit; `value` is
    None where there was no finite number."""

    metric: str
    unit: str
    value: float | None
    measured: str = ""


@dataclass(frozen=True, slots=True)
class PastGate:
    """A gate as it was judged; `address` is `spec/phase.criterion`."""

    address: str
    status: Status
    checks: tuple[PastCheck, ...] = ()

    @property
    def measured(self) -> str:
        return "; ".join(check.measured for check in self.checks if check.measured)


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run of the whole suite at a commit, by node id of its gates. `ended` is UTC, ISO 8601."""

    commit: str
    dirty: bool
    stage: Stage
    ended: str
    verdict: str
    gates: Mapping[str, PastGate]


@dataclass(frozen=True, slots=True)
class History:
    """The runs before this one, oldest first, and the last one of the base that passed."""

    runs: tuple[PastRun, ...] = ()
    base: PastRun | None = None
