"""The gate report as an in-toto statement: a test result of a commit, to be signed."""

from __future__ import annotations

import json
import re
from typing import Any, Literal

from ..model import GateReport
from .outcome import Outcome, outcome
from .safe_text import one_line

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


def render_intoto(report: GateReport) -> str:
    statement = {
        "_type": STATEMENT,
        "subject": _subject(report),
        "predicateType": PREDICATE,
        "predicate": predicate(report),
    }
    return json.dumps(statement, indent=1, ensure_ascii=False) + "\n"


def predicate(report: GateReport) -> dict[str, Any]:
    """The test result: gates by their node ids. What does not hold and does not block is a
    warning; what was not judged has failed."""
    names: dict[Outcome, list[str]] = {"passed": [], "failed": [], "tolerated": [], "skipped": []}
    for judged in report.judged:
        names[outcome(judged.verdict)].append(one_line(judged.gate.nodeid, 1_000))
    unjudged = [one_line(gate.nodeid, 1_000) for gate in report.unjudged]
    return {
        "result": _result(report, bool(names["tolerated"])),
        "configuration": [
            {"name": "specs", "digest": {"sha256": report.identity.spec_digest}},
        ],
        "passedTests": names["passed"],
        "warnedTests": names["tolerated"],
        "failedTests": names["failed"] + unjudged,
    }


def _result(report: GateReport, is_warned: bool) -> Literal["PASSED", "WARNED", "FAILED"]:
    if report.verdict != "passed":
        return "FAILED"
    return "WARNED" if is_warned else "PASSED"


def _subject(report: GateReport) -> list[dict[str, Any]]:
    """What was tested: the commit. Changes that are not committed are in no commit, and are not
    vouched for: then, and without git, the subject is the specs alone."""
    identity = report.identity
    if _COMMIT.fullmatch(identity.commit) and identity.dirty is False:
        return [{"name": "commit", "digest": {"gitCommit": identity.commit}}]
    return [{"name": "specs", "digest": {"sha256": identity.spec_digest}}]
