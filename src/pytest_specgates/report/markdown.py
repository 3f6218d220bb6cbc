"""The gate report as Markdown, for the summary of a job or a comment: the verdict first, what
blocks in full, what else does not hold or has changed in a line, the rest folded. At most 60,000
characters; what was left out is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..model import CHANGE_KINDS, FileCoverage, GateReport, JudgedGate
from ..ranges import ranges
from .gate_text import failure_text
from .outcome import outcome
from .safe_text import one_line, several_lines
from .summary import by_spec, counted, counts, headline, rank, short, waiver_line

LIMIT = 60_000
_RESERVE = 400
_WORST = 10
"""So many files are shown in which something is not covered."""
_CHANGES = 40


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: what opens it, what it is of, how one of these is written, and what
    closes it. What does not fit is left out, and not written; without any of it so is the
    section."""

    head: str
    items: Sequence[Any]
    piece: Callable[[Any], str]
    end: str = ""


def render_markdown(report: GateReport) -> str:
    return fitted(_head(report), [*_sections(report)])


def fitted(head: str, sections: Sequence[Section]) -> str:
    """The page, with what did not fit counted in its last line."""
    text = head[: LIMIT - _RESERVE]
    left_out = 0
    for section in sections:
        room = LIMIT - _RESERVE - len(text) - len(section.head) - len(section.end)
        shown: list[str] = []
        for item in section.items if left_out == 0 else ():
            piece = section.piece(item)
            room -= len(piece)
            if room < 0:
                break
            shown.append(piece)
        left_out += len(section.items) - len(shown)
        if shown:
            text += section.head + "".join(shown) + section.end
    if left_out:
        text += f"\n{left_out} more lines and sections did not fit; the JSON report has them all.\n"
    return text


def _head(report: GateReport) -> str:
    identity = report.identity
    commit = "".join(filter(str.isalnum, identity.commit[:12]))
    lines = [
        f"# Spec gates: {inline(headline(report))}",
        "",
        counts(report),
        "",
        f"Commit `{commit or 'unknown'}`"
        + (" with uncommitted changes" if identity.dirty else "")
        + f", specs `{identity.spec_digest[:12]}`, stage {identity.stage}, "
        f"ended {inline(identity.ended)}.",
        "",
    ]
    if report.interrupted:
        lines += [f"**The run was interrupted:** {inline(report.interrupted)}", ""]
    return "\n".join([*lines, ""])


def _sections(report: GateReport) -> Iterator[Section]:
    yield Section("", report.errors, lambda error: _fenced("Error", error))
    worst_first = sorted(report.judged, key=rank)
    yield Section("", [one for one in worst_first if one.verdict.blocking], _in_full)
    tolerated = [one for one in worst_first if outcome(one.verdict) == "tolerated"]
    yield Section("\n## Does not hold, and does not block\n\n", tolerated, _line)
    yield Section("\n## Changed against the base\n\n", _changes(report), str)
    yield from _folds(report)


def _folds(report: GateReport) -> Iterator[Section]:
    for (path, name), gates in by_spec(report).items():
        held = sum(judged.verdict.status == "passed" for judged in gates)
        yield fold(
            f"{name} ({path}): {held} of {counted(len(gates), 'gate')} passed",
            "| status | gate | level | verdict |\n|---|---|---|---|\n",
            gates,
            _row,
        )
    yield from _worst_covered(report)
    unjudged = [gate.nodeid for gate in report.unjudged]
    yield fold(f"Not judged: {counted(len(unjudged), 'gate')}", "", unjudged, item)
    told = [*map(waiver_line, report.waivers), *report.notes]
    yield fold("Waivers and notes", "", told, item)


def fold(title: str, head: str, items: Sequence[Any], piece: Callable[[Any], str]) -> Section:
    """A section that is closed until a reader opens it."""
    opened = f"\n<details><summary>{inline(title)}</summary>\n\n{head}"
    return Section(opened, items, piece, "\n</details>\n")


def item(text: str) -> str:
    """A line of a list."""
    return f"- {inline(text)}\n"


def _row(judged: JudgedGate) -> str:
    told = inline(short(judged))
    name = inline(judged.gate.name)
    return f"| {judged.verdict.status} | {name} | {judged.gate.level} | {told} |\n"


def _line(judged: JudgedGate) -> str:
    span = judged.gate.criterion.span
    place = inline(f"{span.path}:{span.line}")
    name = inline(judged.gate.address)
    return f"- **{judged.verdict.status}** {name} ({place}): {inline(judged.verdict.sentence)}\n"


def _changes(report: GateReport) -> list[str]:
    """What differs from the base, worst first."""
    found = () if report.comparison is None else report.comparison.changes
    ordered = sorted(found, key=lambda change: CHANGE_KINDS.index(change.kind))
    lines = [
        f"- **{change.kind}** {inline(change.subject)}: {inline(change.message)}\n"
        for change in ordered[:_CHANGES]
    ]
    more = len(ordered) - _CHANGES
    return [*lines, f"- and {more} more\n"] if more > 0 else lines


def _worst_covered(report: GateReport) -> Iterator[Section]:
    """The files in which most is not covered."""
    files = sorted(
        (file for file in report.coverage if file.missing or file.untaken),
        key=lambda file: (-len(file.missing), -len(file.untaken), file.name),
    )
    is_told = any(file.tests is not None for file in files)
    head = "| file | statements | not covered | lines |" + (
        " tests that cover it |\n|---|---|---|---|---|\n" if is_told else "\n|---|---|---|---|\n"
    )
    more = f" ({_WORST} of {len(files)} files)" if len(files) > _WORST else ""
    yield fold(
        f"Not covered{more}",
        head,
        files[:_WORST],
        lambda file: (
            f"| {inline(file.name)} | {file.statements} | {len(file.missing)} "
            f"| {inline(ranges(file.missing))} |{_tests(file) if is_told else ''}\n"
        ),
    )


def _tests(file: FileCoverage) -> str:
    """A cell with the tests that cover a file: the first three, and how many there are."""
    if file.tests is None:
        return " not recorded |"
    unnamed = len(file.tests) - 3 + file.more_tests
    more = f" and {unnamed} more" if unnamed > 0 else ""
    return f" {inline(', '.join(file.tests[:3]) or 'none')}{more} |"


def _in_full(judged: JudgedGate) -> str:
    return _fenced(judged.gate.name, failure_text(judged.gate, judged.verdict))


def _fenced(title: str, text: str) -> str:
    body = several_lines(text)
    fence = "`" * (_longest_run(body) + 3)
    return f"### {inline(title)}\n\n{fence}text\n{body}\n{fence}\n\n"


def _longest_run(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest if longest >= 3 else 0


def inline(text: str) -> str:
    """A text as itself within a line or a cell of Markdown."""
    return one_line(text).translate(_ESCAPES)


_ESCAPES = {
    **{ord(sign): f"\\{sign}" for sign in "\\`*_[]#|~"},
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord("@"): "&#64;",
    ord("&"): "&amp;",
}
