"""What was judged: Measurement -> Verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from .check import Check
from .measurement import Measurement
from .spec import Waiver
from .words import Status


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check judged; `measured` and `required` are made for display from exact values."""

    check: Check
    status: Status
    measured: str
    required: str
    sentence: str
    value: Fraction | float | str | bool | None = None
    samples: int = 0
    evidence: tuple[str, ...] = ()
    next_step: str = ""
    measurement: Measurement = field(default_factory=Measurement)
    """What it was judged from, so that the judgement can be repeated."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status and its sentence; `underlying` is the status before a waiver, `seconds` how long
    it took to measure and judge the gate: it says nothing of the verdict."""

    status: Status
    sentence: str
    blocking: bool
    results: tuple[CheckResult, ...] = ()
    next_step: str = ""
    underlying: Status | None = None
    waiver: Waiver | None = None
    seconds: float = field(default=0.0, compare=False)

    @property
    def measured(self) -> str:
        return "; ".join(r.measured for r in self.results if r.measured)

    @property
    def required(self) -> str:
        return "; ".join(r.required for r in self.results if r.required)
