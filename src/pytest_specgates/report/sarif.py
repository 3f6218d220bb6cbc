"""The gate report as SARIF 2.1.0: what does not hold, on the lines of code at fault."""

from __future__ import annotations

import functools
import json
from typing import Any
from urllib.parse import quote

from ..model import GateReport, Lines
from .findings import Finding, findings
from .safe_text import one_line, several_lines
from .summary import counts, headline

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS = 25_000
"""So many results are taken by GitHub; it refuses a file with more."""
_ROOT = "%SRCROOT%"


def render_sarif(report: GateReport) -> str:
    found = list(findings(report))
    shown = found[:MOST_RESULTS]
    numbers: dict[str, int] = {}
    for one in shown:
        numbers.setdefault(one.rule, len(numbers))
    rules = {one.rule: one for one in reversed(shown)}
    identity = report.identity
    run = {
        "tool": {
            "driver": {
                "name": "pytest-specgates",
                "version": identity.versions.get("pytest-specgates", "unknown"),
                "rules": [_rule(rules[name]) for name in numbers],
            }
        },
        "automationDetails": {"id": f"specgates/{identity.stage}/"},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the project."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not report.unjudged and not report.interrupted,
                "startTimeUtc": identity.started,
                "endTimeUtc": identity.ended,
                "toolExecutionNotifications": _notifications(report, len(found) - len(shown)),
            }
        ],
        "results": [_result(one, numbers[one.rule]) for one in shown],
        "properties": {
            "verdict": report.verdict,
            "commit": one_line(identity.commit),
            "specDigest": identity.spec_digest,
        },
    }
    data = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


def _rule(finding: Finding) -> dict[str, Any]:
    made: dict[str, Any] = {"id": finding.rule}
    if finding.judged is None:
        made["shortDescription"] = {"text": finding.rule.replace("-", " ")}
        return made
    gate = finding.judged.gate
    made["shortDescription"] = {"text": one_line(gate.criterion.text) or finding.rule}
    if gate.reading.text:
        made["fullDescription"] = {"text": one_line(f"read as {gate.reading.text}", 1_000)}
    made["properties"] = {"tags": [gate.level, gate.stage]}
    return made


def _result(finding: Finding, number: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": number,
        "level": finding.severity,
        "message": {"text": finding.message},
        "locations": [_location(finding.place)],
        "partialFingerprints": {"specgates/v1": finding.fingerprint},
    }
    if finding.criterion is not None:
        made["relatedLocations"] = [
            {**_location(finding.criterion), "message": {"text": "the criterion"}}
        ]
    if finding.judged is None:
        return made
    verdict = finding.judged.verdict
    if verdict.next_step:
        text = f"{finding.message}\nnext: {several_lines(verdict.next_step, 1_000)}"
        made["message"] = {"text": text}
    if verdict.waiver is not None:
        why = one_line(f"{verdict.waiver.owner}: {verdict.waiver.reason}")
        made["suppressions"] = [{"kind": "external", "justification": why}]
    texts = {
        "status": verdict.status,
        "level": finding.judged.gate.level,
        "measured": one_line(verdict.measured),
        "required": one_line(verdict.required),
    }
    made["properties"] = {name: text for name, text in texts.items() if text}
    return made


def _location(lines: Lines) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri(lines.path), "uriBaseId": _ROOT},
            "region": {"startLine": lines.first, "endLine": max(lines.first, lines.last)},
        }
    }


@functools.lru_cache(maxsize=1_000)
def uri(path: str) -> str:
    """A path relative to the root as a reference of URIs, which has no scheme."""
    return quote(one_line(path, 1_000).replace("\\", "/"), safe="/~") or "."


def _notifications(report: GateReport, left_out: int) -> list[dict[str, Any]]:
    told = [("note", f"{headline(report)} ({counts(report)})")]
    if left_out:
        told.append(("warning", f"{left_out} more results are left out"))
    return [{"level": level, "message": {"text": one_line(text)}} for level, text in told]
