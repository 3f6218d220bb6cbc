"""The gate report as OpenMetrics: counts, and the value and limit of every check."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ..model import STATUSES, Check, GateReport
from .moments import milliseconds
from .safe_text import one_line

_Sample = tuple[str, float]
"""The labels as they are written, and the value."""


def render_openmetrics(report: GateReport) -> str:
    identity = report.identity
    lines: list[str] = []
    counts = report.counts
    statuses: list[_Sample] = [(_labels(status=status), counts[status]) for status in STATUSES]
    statuses.append((_labels(status="not-judged"), len(report.unjudged)))
    _family(lines, "specgates_gates", "Gates of the specs by status.", statuses)
    verdicts = ("passed", "failed", "incomplete")
    _family(
        lines,
        "specgates_verdict",
        "The verdict of the run: 1 for the one that it is.",
        [(_labels(verdict=name), float(name == report.verdict)) for name in verdicts],
    )
    _family(lines, "specgates_spec_errors", "Specs in error.", [("", len(report.errors))])
    _family(
        lines,
        "specgates_ended_timestamp_seconds",
        "When the gates were judged.",
        [("", milliseconds(identity.ended) / 1000)],
    )
    passed: list[_Sample] = []
    values: list[_Sample] = []
    limits: list[_Sample] = []
    for judged in report.judged:
        gate = judged.gate
        name = _labels(spec=gate.spec.name, gate=gate.nodeid)
        holds = judged.verdict.status in ("passed", "waived")
        passed.append((f'{name},level="{gate.level}"', float(holds)))
        for result in judged.verdict.results:
            check = result.check
            about = f"{name},{_labels(check=_check(check), unit=check.quantity.unit)}"
            value, limit = _number(result.value), _number(check.quantity.value)
            if value is not None:
                values.append((about, value))
            if limit is not None:
                limits.append((f'{about},op="{check.op}"', limit))
    _family(lines, "specgates_gate_passed", "1 where the gate holds or is waived.", passed)
    _family(lines, "specgates_gate_value", "The worst value that was measured.", values)
    _family(lines, "specgates_gate_limit", "What it is compared with.", limits)
    return "\n".join([*lines, "# EOF", ""])


def _family(lines: list[str], name: str, about: str, samples: Iterable[_Sample]) -> None:
    lines += [f"# HELP {name} {about}", f"# TYPE {name} gauge"]
    seen: set[str] = set()
    for labels, value in samples:
        # Two checks of one gate can be of the same metric; a series stands in it once.
        if labels not in seen:
            seen.add(labels)
            series = f"{name}{{{labels}}}" if labels else name
            lines.append(f"{series} {_shown(value)}")


def _check(check: Check) -> str:
    return " ".join(filter(None, (check.kind, check.statistic, check.metric)))


def _labels(**texts: str) -> str:
    return ",".join(f'{name}="{_escaped(text)}"' for name, text in texts.items())


def _escaped(text: str) -> str:
    return one_line(text, 1_000).replace("\\", "\\\\").replace('"', '\\"')


def _number(value: Fraction | float | str | bool | None) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        return None
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _shown(value: float) -> str:
    if value != value:
        return "NaN"
    if abs(value) == float("inf"):
        return "+Inf" if value > 0 else "-Inf"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
