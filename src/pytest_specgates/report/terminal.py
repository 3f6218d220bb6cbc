"""The gate report as lines of a terminal, each in parts with a style (a colour or "").

Worst first: specs, phases and gates stand in the order of what is wrong with them. Where many
gates passed they are counted, one line for all of a phase.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from ..model import STATUSES, GateReport, JudgedGate, Status
from .gate_text import visible
from .outcome import outcome
from .summary import by_spec, counted, counts_of, headline, rank, short, waiver_line

Part = tuple[str, str]
Line = tuple[Part, ...]

SHOWN = ("auto", "all", "failed")
"""Which gates have a line of their own: all but the passed where these are many, all, or those
that do not hold."""
MANY = 20
"""More gates that passed are counted, not listed."""
_STYLE: dict[Status, str] = {
    "passed": "green",
    "failed": "red",
    "error": "red",
    "unmeasured": "yellow",
    "unbound": "yellow",
    "unattested": "yellow",
    "waived": "yellow",
    "deferred": "cyan",
    "not-applicable": "cyan",
}
_VERDICT_STYLE = {"passed": "green", "failed": "red", "incomplete": "yellow"}
_STATUS_WIDTH = 14
_NARROW = 60
"""On a terminal that is narrower a gate has a line for its name and one for its verdict."""
_INDENT = " " * 4


def render(report: GateReport, width: int, verbosity: int = 0, show: str = "auto") -> list[Line]:
    """One block a spec, one line a gate, then the counts and the verdict. With a verbosity
    of 1 the readings are shown, and the lines that are not gates; with 2 all of a gate; below 0
    only the end. `show` is one of SHOWN."""
    lines: list[Line] = []
    if verbosity >= 0:
        lines.extend(_specs(report, width, verbosity, _folded(report, verbosity, show)))
        if verbosity > 0:
            for statement in report.statements:
                text = f"not a gate: {statement.path}:{statement.line} {statement.text}"
                lines.append(_plain(f"{text} ({statement.reason})"))
    # The whole texts stand above, where pytest tells of errors in collecting.
    lines.extend(_styled(error.partition("\n")[0], "red") for error in report.errors)
    lines.extend(_styled(waiver_line(state), "yellow") for state in report.waivers)
    lines.extend(_plain(note) for note in report.notes)
    lines.append(_counts(report))
    lines.append(_styled(headline(report), _VERDICT_STYLE[report.verdict]))
    return lines


def text_of(line: Line) -> str:
    return "".join(text for text, _ in line)


def _folded(report: GateReport, verbosity: int, show: str) -> frozenset[Status]:
    """The statuses whose gates are counted only."""
    if show == "failed":
        return frozenset(("passed", "deferred", "not-applicable"))
    is_many = report.counts["passed"] > MANY and show == "auto" and verbosity == 0
    return frozenset(("passed",) if is_many else ())


def _specs(
    report: GateReport, width: int, verbosity: int, folded: frozenset[Status]
) -> Iterator[Line]:
    specs = sorted(by_spec(report).items(), key=lambda spec: _worst(spec[1]))
    whole: list[Line] = []
    for (path, name), gates in specs:
        title = visible(f"{name}  {path}")
        if all(judged.verdict.status in folded for judged in gates):
            whole.append(((f"{title}  ", ""), *_folds(gates, folded)))
            continue
        yield _plain(title)
        phases: dict[str, list[JudgedGate]] = {}
        for judged in gates:
            phases.setdefault(judged.gate.criterion.phase, []).append(judged)
        for phase, members in sorted(
            phases.items(), key=lambda one: (one[0] != "", _worst(one[1]))
        ):
            if phase:
                yield _plain(f"  {phase}")
            for judged in sorted(members, key=rank):
                if judged.verdict.status not in folded:
                    yield from _gate(judged, width, verbosity)
            rest = _folds(members, folded)
            if rest:
                yield ((_INDENT, ""), *rest)
        yield _plain("")
    if whole:
        yield from whole
        yield _plain("")


def _worst(gates: Sequence[JudgedGate]) -> tuple[bool, int]:
    return min(map(rank, gates))


def _folds(gates: Sequence[JudgedGate], folded: frozenset[Status]) -> Line:
    """`12 passed, 1 deferred`, or nothing."""
    statuses = [judged.verdict.status for judged in gates]
    found = [(status, statuses.count(status)) for status in STATUSES if status in folded]
    return _joined([(f"{number} {status}", _STYLE[status]) for status, number in found if number])


def _counts(report: GateReport) -> Line:
    return _joined([(text, _STYLE[status] if status else "") for text, status in counts_of(report)])


def _joined(parts: Sequence[Part]) -> Line:
    """The parts with commas between them."""
    spread = [part for one in parts for part in ((", ", ""), one)]
    return tuple(spread[1:])


def _gate(judged: JudgedGate, width: int, verbosity: int) -> Iterator[Line]:
    verdict = judged.verdict
    told = outcome(verdict)
    style = _STYLE[verdict.status] if told in ("failed", "passed") else "cyan"
    status = f"{verdict.status:<{_STATUS_WIDTH}} "
    text, rest = visible(judged.gate.criterion.text), visible(short(judged))
    left = len(_INDENT) + len(status)
    if width < _NARROW:
        yield (_INDENT, ""), (status, style), (cut(text, max(width - left, 8)), "")
        if told != "passed":
            yield ((f"{_INDENT}  {cut(rest, max(width - 6, 8))}", ""),)
    else:
        texts = max(24, min(48, width // 2 - _STATUS_WIDTH))
        shown = cut(text, texts)
        gap = " " * (texts - cells(shown) + 2)
        yield (
            (_INDENT, ""),
            (status, style),
            (cut(f"{shown}{gap}{rest}", width - left), ""),
        )
    if verbosity > 0:
        below = " " * (left if width >= _NARROW else 6)
        yield from (_plain(f"{below}{line}") for line in _details(judged, verbosity))


def _details(judged: JudgedGate, verbosity: int) -> Iterator[str]:
    gate, verdict = judged.gate, judged.verdict
    span = gate.criterion.span
    yield f"{span.path}:{span.line}  {gate.criterion.text}"
    if gate.reading.text:
        yield f"read as {gate.reading.text}"
    if verbosity < 2:
        return
    owner = f", owner {gate.reading.owner}" if gate.reading.owner else ""
    yield f"level {gate.level}, stage {gate.stage}{owner}"
    for result in verdict.results:
        samples = f" ({counted(result.samples, 'sample')})" if result.samples > 1 else ""
        measured = result.measured or f"nothing ({result.status})"
        yield f"measured {measured}{samples}; required {result.required}"
        yield from (f"evidence {one}" for one in result.evidence)
    if verdict.next_step:
        yield f"next {verdict.next_step}"


def _plain(text: str) -> Line:
    return ((visible(text), ""),)


def _styled(text: str, style: str) -> Line:
    return ((visible(text), style),)


def cut(text: str, width: int) -> str:
    """The text in at most so many columns."""
    if len(text) * 2 <= width or cells(text) <= width:
        return text
    used, kept = 0, []
    for character in text[:width]:
        used += _width(character)
        if used > width - 3:
            break
        kept.append(character)
    return "".join(kept) + "..."


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
