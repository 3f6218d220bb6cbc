"""The gate report as OpenMetrics: counts, and the value and limit of every check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from ..model import STATUSES, Check, GateReport
from .moments import milliseconds
from .safe_text import one_line

_Sample = tuple[Mapping[str, str], float]


def render_openmetrics(report: GateReport) -> str:
    identity = report.identity
    lines: list[str] = []
    counts = report.counts
    statuses: list[_Sample] = [({"status": status}, counts[status]) for status in STATUSES]
    statuses.append(({"status": "not-judged"}, len(report.unjudged)))
    _family(lines, "specgates_gates", "Gates of the specs by status.", statuses)
    verdicts = ("passed", "failed", "incomplete")
    _family(
        lines,
        "specgates_verdict",
        "The verdict of the run: 1 for the one that it is.",
        [({"verdict": name}, float(name == report.verdict)) for name in verdicts],
    )
    _family(lines, "specgates_spec_errors", "Specs in error.", [({}, len(report.errors))])
    _family(
        lines,
        "specgates_ended_timestamp_seconds",
        "When the gates were judged.",
        [({}, milliseconds(identity.ended) / 1000)],
    )
    passed: list[_Sample] = []
    values: list[_Sample] = []
    limits: list[_Sample] = []
    for judged in report.judged:
        gate = judged.gate
        name = {"spec": gate.spec.name, "gate": gate.nodeid}
        passed.append(
            ({**name, "level": gate.level}, float(judged.verdict.status in ("passed", "waived")))
        )
        for result in judged.verdict.results:
            about = {**name, "check": _check(result.check), "unit": result.check.quantity.unit}
            value = _number(result.value)
            limit = _number(result.check.quantity.value)
            if value is not None:
                values.append((about, value))
            if limit is not None:
                limits.append(({**about, "op": result.check.op}, limit))
    _family(lines, "specgates_gate_passed", "1 where the gate holds or is waived.", passed)
    _family(lines, "specgates_gate_value", "The worst value that was measured.", values)
    _family(lines, "specgates_gate_limit", "What it is compared with.", limits)
    return "\n".join([*lines, "# EOF", ""])


def _family(lines: list[str], name: str, about: str, samples: Iterable[_Sample]) -> None:
    lines += [f"# HELP {name} {about}", f"# TYPE {name} gauge"]
    seen: set[str] = set()
    for labels, value in samples:
        shown = ",".join(f'{key}="{_label(text)}"' for key, text in labels.items())
        # Two checks of one gate can be of the same metric; a series stands in it once.
        if shown not in seen:
            seen.add(shown)
            lines.append(
                f"{name}{{{shown}}} {_shown(value)}" if shown else f"{name} {_shown(value)}"
            )


def _check(check: Check) -> str:
    return " ".join(filter(None, (check.kind, check.statistic, check.metric)))


def _label(text: str) -> str:
    line = one_line(text, 1_000)
    return line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


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
