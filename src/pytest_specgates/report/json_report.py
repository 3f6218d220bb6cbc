"""The gate report as JSON, and the JSON Schema that it is valid under."""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from fractions import Fraction
from typing import Any

from ..model import (
    CHANGE_KINDS,
    LEVELS,
    STAGES,
    STATUSES,
    Check,
    CheckResult,
    Gate,
    GateReport,
    Value,
    Verdict,
    Waiver,
)

VERSION = 1
_MOST_TESTS = 100
"""So many of the tests that cover a file are named; a suite can have them all cover all files."""


def render_json(report: GateReport) -> str:
    """One line for each gate: json.dumps takes several times as long where it indents."""
    head = _without_gates(report)
    head["gates"] = (_gate(one.gate, one.verdict) for one in report.judged)
    lines = [f"{_text(name)}: {_lines(value)}" for name, value in head.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _lines(value: Any) -> str:
    if not isinstance(value, list | Generator):
        return _text(value)
    lines = ",\n".join(map(_text, value))
    return f"[\n{lines}\n]" if lines else "[]"


_text = json.JSONEncoder(ensure_ascii=False).encode


def as_data(report: GateReport) -> dict[str, Any]:
    data = _without_gates(report)
    data["gates"] = [_gate(one.gate, one.verdict) for one in report.judged]
    return data


def _without_gates(report: GateReport) -> dict[str, Any]:
    identity = report.identity
    return {
        "format": "pytest-specgates report",
        "format_version": VERSION,
        "verdict": report.verdict,
        "interrupted": report.interrupted or None,
        "counts": {**report.counts, "not-judged": len(report.unjudged)},
        "run": {
            "commit": identity.commit or None,
            "dirty": identity.dirty,
            "base": identity.base or None,
            "stage": identity.stage,
            "spec_digest": identity.spec_digest,
            "versions": dict(identity.versions),
            "machine": dict(identity.machine),
            "started": identity.started,
            "ended": identity.ended,
        },
        "evidence": [
            {"what": kept.what, "path": kept.path, "sha256": kept.sha256}
            for kept in report.evidence
        ],
        "errors": list(report.errors),
        "notes": list(report.notes),
        "waivers": [
            {
                **_waiver(state.waiver),
                "gate": state.waiver.gate,
                "state": state.state,
                "days_left": state.days_left,
                "used_by": list(state.used),
            }
            for state in report.waivers
        ],
        "changes": None
        if report.comparison is None
        else [
            {
                "kind": change.kind,
                "subject": change.subject,
                "message": change.message,
                "path": change.span.path,
                "line": change.span.line,
            }
            for change in report.comparison.changes
        ],
        "coverage": [
            {
                "path": file.name,
                "statements": file.statements,
                "missing": list(file.missing),
                "excluded": list(file.excluded),
                "branches": file.branches,
                "missing_branches": [list(arc) for arc in file.untaken],
                "tests": None if file.tests is None else _tests(file.tests, file.more_tests),
            }
            for file in report.coverage
        ],
        "gates": [],
        "not_judged": [_gate(gate, None) for gate in report.unjudged],
        "not_gates": [
            {"spec": s.spec, "path": s.path, "line": s.line, "text": s.text, "reason": s.reason}
            for s in report.statements
        ],
    }


def _tests(nodeids: Sequence[str], more: int) -> dict[str, Any]:
    return {"count": len(nodeids) + more, "first": list(nodeids[:_MOST_TESTS])}


def place_data(gate: Gate) -> dict[str, Any]:
    """What the report says of a gate before it is judged."""
    return _gate(gate, None)


def demand_data(check: Check) -> dict[str, Any]:
    """What the report says of a check before it is judged."""
    return {
        "kind": check.kind,
        "metric": check.metric,
        "statistic": check.statistic,
        "op": check.op,
        "limit": _number(check.quantity.value),
        "unit": check.quantity.unit,
        "against": check.against or None,
        "subject": list(check.subject),
    }


def _gate(gate: Gate, verdict: Verdict | None) -> dict[str, Any]:
    span = gate.criterion.span
    data: dict[str, Any] = {
        "nodeid": gate.nodeid,
        "spec": gate.spec.name,
        "workflow": gate.spec.workflow or None,
        "phase": gate.criterion.phase or None,
        "criterion": gate.criterion.text,
        "level": gate.level,
        "stage": gate.stage,
        "owner": gate.reading.owner or None,
        "reading": gate.reading.text or None,
        "path": span.path,
        "line": span.line,
        "column": span.column,
    }
    if verdict is None:
        return data
    waiver = verdict.waiver
    data.update(
        status=verdict.status,
        blocking=verdict.blocking,
        sentence=verdict.sentence,
        measured=verdict.measured or None,
        required=verdict.required or None,
        next_step=verdict.next_step or None,
        seconds=round(verdict.seconds, 6),
        underlying=verdict.underlying,
        waiver=_waiver(waiver) if waiver else None,
        checks=[_check(result) for result in verdict.results],
    )
    return data


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {
        "owner": waiver.owner,
        "reason": waiver.reason,
        "expires": waiver.expires,
        "path": waiver.span.path,
        "line": waiver.span.line,
    }


def judged_data(result: CheckResult) -> dict[str, Any]:
    """What the report says of a check that follows from its demand and its measurement."""
    return {
        **demand_data(result.check),
        "status": result.status,
        "value": _number(result.value),
        "samples": result.samples,
        "measured": result.measured or None,
        "required": result.required,
    }


def _check(result: CheckResult) -> dict[str, Any]:
    return {
        **judged_data(result),
        "evidence": list(result.evidence),
        "measurement": {
            "values": [_value(value) for value in result.measurement.values],
            "again": [_value(value) for value in result.measurement.again],
            "absent": result.measurement.absent,
            "reason": result.measurement.reason or None,
            "places": [
                {"path": place.path, "first": place.first, "last": place.last}
                for place in result.measurement.places
            ],
        },
    }


def _value(value: Value) -> dict[str, Any]:
    """A measured value; `exact` has the fraction where a JSON number cannot hold it."""
    return {
        "subject": value.subject,
        "value": _number(value.value),
        "exact": _exact(value.value),
        "samples": value.samples,
        "base": _number(value.base),
        "exact_base": _exact(value.base),
        "low": _number(value.low),
        "high": _number(value.high),
        "pairs": [[pair.change, pair.error] for pair in value.pairs],
        "quantiles": list(value.quantiles),
    }


def _exact(value: Fraction | float | str | bool | None) -> str | None:
    is_exact = not isinstance(value, Fraction) or value.denominator == 1
    return None if is_exact else str(value)


def _number(value: Fraction | float | str | bool | None) -> int | float | str | bool | None:
    """A JSON value: exact where it is whole, a text where JSON has no number for it."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    if isinstance(value, float) and not abs(value) < float("inf"):
        return str(value)
    return value


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the report."""
    text = {"type": "string"}
    maybe = {"type": ["string", "null"]}
    value = {"type": ["number", "string", "boolean", "null"]}
    exact = {"type": ["string", "null"], "pattern": "^-?[0-9]{1,4000}/[0-9]{1,4000}$"}
    measured = _object(
        {
            "subject": text,
            "value": value,
            "exact": exact,
            "samples": {"type": "integer", "minimum": 0},
            "base": {"type": ["number", "null"]},
            "exact_base": exact,
            "low": {"type": ["number", "null"]},
            "high": {"type": ["number", "null"]},
            "pairs": {
                "type": "array",
                "items": {
                    "type": "array",
                    "items": {"type": "number"},
                    "minItems": 2,
                    "maxItems": 2,
                },
            },
            "quantiles": {"type": "array", "items": {"type": "number"}},
        }
    )
    line = {"type": "integer", "minimum": 1}
    lines_of_file = _object({"path": text, "first": line, "last": line})
    check = _object(
        {
            "kind": text,
            "metric": text,
            "statistic": maybe,
            "op": {"enum": ["<", "<=", ">", ">=", "==", "!="]},
            "limit": value,
            "unit": text,
            "against": {"enum": ["base", None]},
            "subject": {"type": "array", "items": text},
            "status": {"enum": list(STATUSES)},
            "value": value,
            "samples": {"type": "integer", "minimum": 0},
            "measured": maybe,
            "required": text,
            "evidence": {"type": "array", "items": text},
            "measurement": _object(
                {
                    "values": {"type": "array", "items": measured},
                    "again": {"type": "array", "items": measured},
                    "absent": {"enum": [*STATUSES, None]},
                    "reason": maybe,
                    "places": {"type": "array", "items": lines_of_file},
                }
            ),
        }
    )
    place = {
        "nodeid": text,
        "spec": text,
        "workflow": maybe,
        "phase": maybe,
        "criterion": text,
        "level": {"enum": list(LEVELS)},
        "stage": {"enum": list(STAGES)},
        "owner": maybe,
        "reading": maybe,
        "path": text,
        "line": {"type": "integer", "minimum": 1},
        "column": {"type": "integer", "minimum": 1},
    }
    granted: dict[str, Any] = {
        "owner": text,
        "reason": text,
        "expires": {"type": "string", "format": "date"},
        "path": text,
        "line": {"type": "integer"},
    }
    waiver = _object(granted)
    waiver_state = _object(
        {
            **granted,
            "gate": text,
            "state": {"enum": ["used", "unused", "expired"]},
            "days_left": {"type": "integer"},
            "used_by": {"type": "array", "items": text},
        }
    )
    gate = _object(
        {
            **place,
            "status": {"enum": list(STATUSES)},
            "blocking": {"type": "boolean"},
            "sentence": text,
            "measured": maybe,
            "required": maybe,
            "next_step": maybe,
            "seconds": {"type": "number", "minimum": 0},
            "underlying": {"enum": [*STATUSES, None]},
            "waiver": {"anyOf": [waiver, {"type": "null"}]},
            "checks": {"type": "array", "items": check},
        }
    )
    change = _object(
        {
            "kind": {"enum": list(CHANGE_KINDS)},
            "subject": text,
            "message": text,
            "path": text,
            "line": {"type": "integer", "minimum": 1},
        }
    )
    evidence = _object(
        {"what": text, "path": text, "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}}
    )
    lines = {"type": "array", "items": {"type": "integer"}}
    texts_of_tests = {"type": "array", "items": text, "maxItems": _MOST_TESTS}
    covered = _object(
        {
            "path": text,
            "statements": {"type": "integer", "minimum": 0},
            "missing": lines,
            "excluded": lines,
            "branches": {"type": "integer", "minimum": 0},
            "missing_branches": {"type": "array", "items": lines},
            "tests": {
                "anyOf": [
                    _object({"count": {"type": "integer", "minimum": 0}, "first": texts_of_tests}),
                    {"type": "null"},
                ]
            },
        }
    )
    moment = {"type": "string", "format": "date-time"}
    texts = {"type": "object", "additionalProperties": text}
    count = {"type": "integer", "minimum": 0}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pytest-specgates report",
        **_object(
            {
                "format": {"const": "pytest-specgates report"},
                "format_version": {"const": VERSION},
                "verdict": {"enum": ["passed", "failed", "incomplete"]},
                "interrupted": maybe,
                "counts": _object(dict.fromkeys((*STATUSES, "not-judged"), count)),
                "run": _object(
                    {
                        "commit": maybe,
                        "dirty": {"type": ["boolean", "null"]},
                        "base": maybe,
                        "stage": {"enum": list(STAGES)},
                        "spec_digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                        "versions": texts,
                        "machine": texts,
                        "started": moment,
                        "ended": moment,
                    }
                ),
                "evidence": {"type": "array", "items": evidence},
                "errors": {"type": "array", "items": text},
                "notes": {"type": "array", "items": text},
                "waivers": {"type": "array", "items": waiver_state},
                "changes": {"anyOf": [{"type": "array", "items": change}, {"type": "null"}]},
                "coverage": {"type": "array", "items": covered},
                "gates": {"type": "array", "items": gate},
                "not_judged": {"type": "array", "items": _object(place)},
                "not_gates": {
                    "type": "array",
                    "items": _object(
                        {"spec": text, "path": text, "line": count, "text": text, "reason": text}
                    ),
                },
            }
        ),
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
