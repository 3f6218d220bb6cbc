"""What a report complains of, each with its place: for formats that show faults in files.

A gate that does not hold is placed on the lines at fault where its measurement knows them,
else on its criterion.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..model import GateReport, JudgedGate, Lines
from .outcome import outcome
from .safe_text import one_line
from .summary import counted, rank

Severity = Literal["error", "warning", "note"]
MOST_PLACES = 20
"""So many lines at fault are shown of one gate."""
_PLACE = re.compile(r"(?P<path>[^\n:]{1,500}):(?P<line>[1-9][0-9]{0,8}):([0-9]{1,9}): ")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place. `criterion` is where its criterion stands, if that is elsewhere."""

    rule: str
    severity: Severity
    message: str
    place: Lines
    fingerprint: str
    judged: JudgedGate | None = None
    criterion: Lines | None = None


def findings(report: GateReport) -> Iterator[Finding]:
    """Everything that is not as it should be, worst first."""
    for number, error in enumerate(report.errors):
        yield _made("spec-error", "error", error, place_of_error(error), f"{number}")
    for judged in sorted(report.judged, key=rank):
        if outcome(judged.verdict) in ("failed", "tolerated"):
            yield from _of_gate(report, judged)
    if report.unjudged:
        first = report.unjudged[0].criterion.span
        told = f"{counted(len(report.unjudged), 'gate')} not judged, this one first"
        yield _made("not-judged", "error", told, _line(first.path, first.line), "")
    elif report.interrupted:
        place = report.judged[0].gate.criterion.span if report.judged else None
        where = _line(place.path, place.line) if place else Lines("specs", 1, 1)
        told = f"the run was interrupted: {report.interrupted}"
        yield _made("interrupted", "error", told, where, "")


def severity_of(judged: JudgedGate) -> Severity:
    """`error` blocks, `warning` is asked for, `note` is let pass or informs."""
    if judged.verdict.blocking:
        return "error"
    is_asked_for = judged.gate.level == "should" and judged.verdict.status != "waived"
    return "warning" if is_asked_for else "note"


def place_of_error(error: str) -> Lines:
    """Where the error of a spec stands (`specs/x.spec.yaml:3:5: ...`)."""
    found = _PLACE.match(error)
    return _line(found["path"], int(found["line"])) if found else Lines("specs", 1, 1)


def _of_gate(report: GateReport, judged: JudgedGate) -> Iterator[Finding]:
    gate, verdict = judged.gate, judged.verdict
    span = gate.criterion.span
    criterion = _line(span.path, span.line)
    places = [
        place
        for result in verdict.results
        if result.status == "failed"
        for place in result.measurement.places
    ]
    if not places and gate.spec.path == "policy" and report.comparison is not None:
        places = [_line(c.span.path, c.span.line) for c in report.comparison.weakenings]
    more = len(places) - MOST_PLACES
    told = f"{verdict.status}: {gate.criterion.text}: {verdict.sentence}"
    if more > 0:
        told += f" ({more} more places)"
    for number, place in enumerate(places[:MOST_PLACES] or [criterion]):
        yield _made(
            gate.address,
            severity_of(judged),
            told,
            place,
            f"{gate.nodeid}\0{number}",
            judged,
            criterion if places else None,
        )


def _made(
    rule: str,
    severity: Severity,
    told: str,
    place: Lines,
    key: str,
    judged: JudgedGate | None = None,
    criterion: Lines | None = None,
) -> Finding:
    digest = hashlib.sha256(f"{rule}\0{place.path}\0{key}".encode("utf-8", "replace"))
    message = one_line(told, 1_000)
    return Finding(
        one_line(rule, 300), severity, message, place, digest.hexdigest(), judged, criterion
    )


def _line(path: str, line: int) -> Lines:
    return Lines(path, max(line, 1), max(line, 1))
