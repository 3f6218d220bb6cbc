"""The gate report in the Common Test Report Format (CTRF)."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from ..model import Gate, GateReport, JudgedGate
from .gate_text import failure_text
from .moments import milliseconds
from .outcome import Outcome, outcome
from .safe_text import one_line, several_lines
from .summary import by_spec

SPEC_VERSION = "0.0.0"
_STATUS: dict[Outcome, str] = {
    "passed": "passed",
    "failed": "failed",
    "tolerated": "other",
    "skipped": "skipped",
}


def render_ctrf(report: GateReport) -> str:
    tests = [_error(number, error) for number, error in enumerate(report.errors, 1)]
    if report.interrupted:
        tests.append(_test("the run", "failed", f"interrupted: {report.interrupted}"))
    tests += [_judged(judged) for judged in report.judged]
    tests += [
        {**_test(gate.address, "pending", "not judged"), **_place(gate)} for gate in report.unjudged
    ]
    count = Counter(test["status"] for test in tests)
    identity = report.identity
    start, stop = milliseconds(identity.started), milliseconds(identity.ended)
    statuses = ("passed", "failed", "skipped", "pending", "other")
    data = {
        "reportFormat": "CTRF",
        "specVersion": SPEC_VERSION,
        "generatedBy": "pytest-specgates",
        "results": {
            "tool": {
                "name": "pytest-specgates",
                "version": identity.versions.get("pytest-specgates", "unknown"),
            },
            "summary": {
                "tests": len(tests),
                **{status: count[status] for status in statuses},
                "suites": len(by_spec(report)),
                "start": start,
                "stop": max(start, stop),
                "extra": {"verdict": report.verdict},
            },
            "tests": tests,
            "environment": {
                "commit": one_line(identity.commit),
                "testEnvironment": identity.stage,
                "extra": {"specDigest": identity.spec_digest},
            },
        },
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


def _judged(judged: JudgedGate) -> dict[str, Any]:
    gate, verdict = judged.gate, judged.verdict
    told = outcome(verdict)
    made = _test(gate.address, _STATUS[told], "" if told == "passed" else verdict.sentence)
    made.update(_place(gate))
    made["duration"] = round(verdict.seconds * 1000)
    made["rawStatus"] = verdict.status
    if told == "failed":
        made["trace"] = several_lines(failure_text(gate, verdict))
    labels = {
        "level": gate.level,
        "stage": gate.stage,
        "criterion": one_line(gate.criterion.text),
        "measured": one_line(verdict.measured),
        "required": one_line(verdict.required),
        "owner": one_line(gate.reading.owner),
    }
    made["labels"] = {name: text for name, text in labels.items() if text}
    return made


def _test(name: str, status: str, message: str) -> dict[str, Any]:
    made: dict[str, Any] = {"name": one_line(name) or "?", "status": status, "duration": 0}
    if message:
        made["message"] = several_lines(message)
    return made


def _place(gate: Gate) -> dict[str, Any]:
    span = gate.criterion.span
    suite = [gate.spec.path, gate.criterion.phase]
    return {
        "testId": one_line(gate.nodeid, 1_000) or "?",
        "type": "spec gate",
        "suite": [one_line(text) for text in suite if text] or ["?"],
        "filePath": one_line(span.path, 1_000),
        "line": span.line,
    }


def _error(number: int, error: str) -> dict[str, Any]:
    return _test(f"spec error {number}", "failed", error)
