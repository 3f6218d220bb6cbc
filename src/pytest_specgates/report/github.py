"""The gate report as commands of a GitHub workflow: annotations at the criteria.

GitHub shows ten errors and ten warnings of a step; the worst come first, the rest is counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import GateReport, JudgedGate, Lines
from .findings import place_of_error, severity_of
from .outcome import outcome
from .safe_text import one_line, several_lines
from .summary import counted, rank

MOST = 10
_Annotation = tuple[Lines, int, str, str]
"""The lines, the column (0: none), the title, the message."""


def render_github(report: GateReport, folder: str = "") -> str:
    """One command a line. `folder` is that of the root within the repository, whose files
    GitHub names from its own root."""
    errors = [*_of_errors(report)]
    warnings: list[_Annotation] = []
    for judged in sorted(report.judged, key=rank):
        if outcome(judged.verdict) in ("failed", "tolerated"):
            severity = severity_of(judged)
            if severity != "note":
                (errors if severity == "error" else warnings).append(_of_gate(judged))
    if report.unjudged:
        span = report.unjudged[0].criterion.span
        told = f"{counted(len(report.unjudged), 'gate')} not judged, this one first"
        if report.interrupted:
            told += f": {report.interrupted}"
        place = Lines(span.path, span.line, span.line)
        errors.append((place, 0, "spec gates: not judged", told))
    shown = [*_commands("error", errors, folder), *_commands("warning", warnings, folder)]
    return "".join(f"{command}\n" for command in shown)


def _of_errors(report: GateReport) -> Iterator[_Annotation]:
    for error in report.errors:
        yield place_of_error(error), 0, "spec error", error


def _of_gate(judged: JudgedGate) -> _Annotation:
    gate, verdict = judged.gate, judged.verdict
    span = gate.criterion.span
    told = f"{verdict.status}: {verdict.sentence}"
    if verdict.next_step:
        told += f"\nnext: {verdict.next_step}"
    return Lines(span.path, span.line, span.line), span.column, gate.criterion.text, told


def _commands(name: str, found: list[_Annotation], folder: str) -> Iterator[str]:
    # The last of ten says how many more there are, if there are more.
    fit = MOST if len(found) <= MOST else MOST - 1
    for place, column, title, told in found[:fit]:
        where = {
            "file": f"{folder}/{place.path}" if folder else place.path,
            "line": str(place.first),
        }
        if column:
            where["col"] = str(column)
        where["title"] = one_line(title, 120)
        properties = ",".join(f"{key}={_property(text)}" for key, text in where.items())
        yield f"::{name} {properties}::{_data(several_lines(told, 2_000))}"
    if len(found) > fit:
        left = counted(len(found) - fit, "more gate")
        yield f"::{name} title=spec gates::{left}: see the summary of the job or the report"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")
