"""What other tools call the outcome of a test, for a gate: the same in every format, and the
same as that of its pytest item."""

from __future__ import annotations

from typing import Literal

from ..model import NOT_MET, GateReport, Verdict

Outcome = Literal["passed", "failed", "tolerated", "skipped"]
"""`failed` blocks; `tolerated` does not hold, and does not block; `skipped` was not asked for."""


def outcome(verdict: Verdict) -> Outcome:
    if verdict.blocking:
        return "failed"
    if verdict.status == "waived" or verdict.status in NOT_MET:
        return "tolerated"
    return "passed" if verdict.status == "passed" else "skipped"


def outcomes(report: GateReport) -> dict[Outcome, int]:
    """How many judged gates have each outcome."""
    counts: dict[Outcome, int] = {"passed": 0, "failed": 0, "tolerated": 0, "skipped": 0}
    for judged in report.judged:
        counts[outcome(judged.verdict)] += 1
    return counts
