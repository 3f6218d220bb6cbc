"""Trends of the HTML report: the numbers of earlier runs beside that of this one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..model import History, PastCheck, PastGate
from .html_graph import sparkline, wide_line
from .html_text import amount, counted, number, shown
from .trend import difference

_MOST = 12
"""So many gates are shown of a metric."""


@dataclass(frozen=True, slots=True)
class Trend:
    """Of one gate: a line through its values, and in words: `over` so many runs `told`. `moved` is
    how far the last one is from the first, as a share of that, with its sign."""

    line: str
    over: str
    told: str
    since: str
    metric: str = ""
    values: tuple[float, ...] = ()
    first: str = ""
    last: str = ""
    moved: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """The gate of a trend in the section of its metric."""

    number: int
    name: str
    spec: str
    status: str


def trend(gate: Mapping[str, Any], lead: int, history: History) -> Trend | None:
    """The trend of a gate of the report's data by its check number `lead`; None where no earlier
    run had it."""
    nodeid = gate["nodeid"]
    past = [run.gates[nodeid] for run in history.runs if nodeid in run.gates]
    was = history.base.gates.get(nodeid) if history.base else None
    if not past and was is None:
        return None
    now = _as_past(gate)
    since = shown(difference(was, now)) if was else ""
    if not now.checks:
        return Trend("", "before", _of_statuses(past, now), since)
    check = now.checks[lead]
    values = _values(past, lead, check)
    if check.value is not None:
        values.append(check.value)
    if len(values) < 2 or min(values) == max(values):
        return Trend("", "before", _of_statuses(past, now), since)
    first, last = amount(values[0], check.unit), amount(values[-1], check.unit)
    return Trend(
        line=sparkline(values),
        over=counted(len(values), "run"),
        told=f"{first} to {last}",
        since=since,
        metric=shown(check.metric, 100),
        values=tuple(values),
        first=first,
        last=last,
        moved=(values[-1] - values[0]) / (abs(values[0]) or 1.0),
    )


def _as_past(gate: Mapping[str, Any]) -> PastGate:
    checks = tuple(
        PastCheck(
            f"{check['statistic'] or ''} {check['metric']}".strip(),
            check["unit"],
            number(check["value"]),
            check["measured"] or "",
        )
        for check in gate["checks"]
    )
    return PastGate("", gate["status"], checks)


def _values(past: Sequence[PastGate], place: int, wanted: PastCheck) -> list[float]:
    """What the check at that place was then, where it measured the same."""
    metric, unit = wanted.metric, wanted.unit
    found = [gate.checks[place] for gate in past if place < len(gate.checks)]
    return [
        one.value
        for one in found
        if one.value is not None and one.metric == metric and one.unit == unit
    ]


def _of_statuses(past: Sequence[PastGate], now: PastGate) -> str:
    if not past:
        return ""
    same = sum(1 for gate in past if gate.status == now.status)
    if same == len(past) and now.status == "passed":
        return ""  # nothing to be seen, in most gates of most reports
    return f"{now.status} in {same:,} of {counted(len(past), 'run')}"


def by_metric(found: Iterable[tuple[Row, Trend]]) -> list[dict[str, Any]]:
    """For each metric the gates whose values moved most."""
    metrics: dict[str, list[tuple[Row, Trend]]] = {}
    for row, of in found:
        if of.values:
            metrics.setdefault(of.metric, []).append((row, of))
    return [
        {
            "metric": metric,
            "rows": [
                (row, of, wide_line(of.values))
                for row, of in sorted(rows, key=lambda pair: -abs(pair[1].moved))[:_MOST]
            ],
            "more": max(0, len(rows) - _MOST),
        }
        for metric, rows in sorted(metrics.items())
    ]
