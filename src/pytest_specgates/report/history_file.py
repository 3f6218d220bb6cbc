"""A run as the history keeps it: GateReport -> PastRun -> JSON, and read again.

A history lies where others can write too: every field is looked at, and nothing runs.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from ..model import (
    STAGES,
    STATUSES,
    CheckResult,
    GateReport,
    PastCheck,
    PastGate,
    PastRun,
)
from .recorded import ReportError, load_json

_FORMAT, _VERSION = "pytest-specgates history", 1
_LONGEST = 200
"""Characters of a measured text, and of a metric."""


def past_run(report: GateReport) -> PastRun:
    """What is kept of a report."""
    identity = report.identity
    return PastRun(
        commit=identity.commit,
        dirty=identity.dirty is not False,
        stage=identity.stage,
        ended=identity.ended,
        verdict=report.verdict,
        gates={
            judged.gate.nodeid: PastGate(
                judged.gate.address,
                judged.verdict.status,
                tuple(map(_check, judged.verdict.results)),
            )
            for judged in report.judged
        },
    )


def _check(result: CheckResult) -> PastCheck:
    check = result.check
    metric = f"{check.statistic or ''} {check.metric}".strip()
    return PastCheck(
        metric[:_LONGEST], check.quantity.unit, _number(result.value), result.measured[:_LONGEST]
    )


def _number(value: object) -> float | None:
    if isinstance(value, (bool, str)) or value is None:
        return None
    try:
        found = float(value)  # type: ignore[arg-type]  # a Fraction, an int or a float
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def render_run(run: PastRun) -> str:
    data = {
        "format": _FORMAT,
        "format_version": _VERSION,
        "commit": run.commit,
        "dirty": run.dirty,
        "stage": run.stage,
        "ended": run.ended,
        "verdict": run.verdict,
        "gates": {
            nodeid: [
                gate.address,
                gate.status,
                [[c.metric, c.unit, c.value, c.measured] for c in gate.checks],
            ]
            for nodeid, gate in run.gates.items()
        },
    }
    return json.dumps(data, ensure_ascii=True, separators=(",", ":")) + "\n"


def read_run(text: str) -> PastRun:
    """Raises ReportError for what is no JSON, or not a run of this version."""
    data = load_json(text)
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        raise ReportError("not a run that pytest-specgates has kept")
    if data.get("format_version") != _VERSION:
        raise ReportError(f"format_version is {data.get('format_version')!r:.20}, not {_VERSION}")
    try:
        return PastRun(
            commit=_like(_COMMIT, data["commit"]),
            dirty=_of(bool, data["dirty"]),
            stage=_one_of(STAGES, data["stage"]),
            ended=_like(_MOMENT, data["ended"]),
            verdict=_one_of(("passed", "failed"), data["verdict"]),
            gates={nodeid: _gate(one) for nodeid, one in _gates(data["gates"]).items()},
        )
    except KeyError as error:
        raise ReportError(f"{error.args[0]} is missing") from error


_COMMIT = re.compile(r"[0-9a-f]{7,64}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


def _gates(found: object) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise ReportError("gates is no mapping")
    return found


def _gate(found: object) -> PastGate:
    if not isinstance(found, list) or len(found) != 3 or not isinstance(found[2], list):
        raise ReportError(f"{found!r:.80} is no gate")
    address, status, checks = found
    return PastGate(
        _of(str, address), _one_of(STATUSES, status), tuple(_past_check(one) for one in checks)
    )


def _past_check(found: object) -> PastCheck:
    if not isinstance(found, list) or len(found) != 4:
        raise ReportError(f"{found!r:.80} is no check")
    metric, unit, value, measured = found
    if value is not None:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ReportError(f"{value!r:.80} is no number")
        value = _number(value)
    texts = (_of(str, one)[:_LONGEST] for one in (metric, unit, measured))
    metric, unit, measured = texts
    return PastCheck(metric, unit, value, measured)


def _of(kind: type[Any], found: object) -> Any:
    if not isinstance(found, kind):
        raise ReportError(f"{found!r:.80} is not {kind.__name__}")
    return found


def _like(pattern: re.Pattern[str], found: object) -> str:
    if not isinstance(found, str) or not pattern.fullmatch(found):
        raise ReportError(f"{found!r:.80} does not fit")
    return found


def _one_of(known: tuple[Any, ...], found: object) -> Any:
    if found not in known:
        raise ReportError(f"{found!r:.80} is not one of {', '.join(known)}")
    return found
