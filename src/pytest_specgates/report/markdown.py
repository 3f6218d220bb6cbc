"""The gate report as Markdown: the verdict first, what blocks in full, at most 60,000
characters; what was left out is counted."""

from __future__ import annotations

from ..model import FileCoverage, GateReport, JudgedGate
from ..ranges import ranges
from .gate_text import failure_text, visible
from .summary import by_spec, counts, headline, rank, short, waiver_line

LIMIT = 60_000
_RESERVE = 400
_LONGEST = 4_000
_WORST = 10
"""So many files are shown in which something is not covered."""


def render_markdown(report: GateReport) -> str:
    identity = report.identity
    head = [
        f"# Spec gates: {_inline(headline(report))}",
        "",
        counts(report),
        "",
        f"Commit `{identity.commit[:12] or 'unknown'}`"
        + (" with uncommitted changes" if identity.dirty else "")
        + f", specs `{identity.spec_digest[:12]}`, stage {identity.stage}, ended {identity.ended}.",
        "",
    ]
    if report.interrupted:
        head += [f"**The run was interrupted:** {_inline(report.interrupted)}", ""]
    head += [f"- {_inline(waiver_line(state))}" for state in report.waivers]
    head += [f"- {_inline(note)}" for note in report.notes]
    if report.waivers or report.notes:
        head.append("")
    pieces = [_fenced("Error", error) for error in report.errors]
    blocking = sorted((j for j in report.judged if j.verdict.blocking), key=rank)
    pieces += [_in_full(judged) for judged in blocking]
    rows = _rows(report)
    return _fitted("\n".join(head), pieces, rows)


def _rows(report: GateReport) -> list[str]:
    rows = []
    for (path, name), gates in by_spec(report).items():
        rows.append(
            f"\n## {_inline(name)} ({_inline(path)})\n\n"
            "| status | gate | level | verdict |\n|---|---|---|---|\n"
        )
        rows.extend(
            f"| {j.verdict.status} | {_cell(j.gate.name)} | {j.gate.level} | {_cell(short(j))} |\n"
            for j in gates
        )
    rows.extend(_worst_covered(report))
    if report.unjudged:
        rows.append("\n## Not judged\n\n")
        rows.extend(f"- {_inline(gate.nodeid)}\n" for gate in report.unjudged)
    return rows


def _worst_covered(report: GateReport) -> list[str]:
    """The files in which most is not covered."""
    files = sorted(
        (file for file in report.coverage if file.missing or file.untaken),
        key=lambda file: (-len(file.missing), -len(file.untaken), file.name),
    )
    if not files:
        return []
    is_told = any(file.tests is not None for file in files)
    head = "| file | statements | not covered | lines |" + (
        " tests that cover it |\n|---|---|---|---|---|\n" if is_told else "\n|---|---|---|---|\n"
    )
    more = f" ({_WORST} of {len(files)} files)" if len(files) > _WORST else ""
    return [f"\n## Not covered{more}\n\n{head}"] + [
        f"| {_cell(file.name)} | {file.statements} | {len(file.missing)} "
        f"| {_cell(ranges(file.missing))} |{_tests(file) if is_told else ''}\n"
        for file in files[:_WORST]
    ]


def _tests(file: FileCoverage) -> str:
    """A cell with the tests that cover a file: the first three, and how many there are."""
    if file.tests is None:
        return " not recorded |"
    more = f" and {len(file.tests) - 3} more" if len(file.tests) > 3 else ""
    return f" {_cell(', '.join(file.tests[:3]) or 'none')}{more} |"


def _fitted(head: str, pieces: list[str], rows: list[str]) -> str:
    text = head[: LIMIT - _RESERVE]
    left_out = 0
    for piece in [*pieces, *rows]:
        if left_out == 0 and len(text) + len(piece) <= LIMIT - _RESERVE:
            text += piece
        elif not piece.startswith("\n"):
            left_out += 1
    if left_out:
        text += f"\n{left_out} more lines and sections did not fit; the JSON report has them all.\n"
    return text


def _in_full(judged: JudgedGate) -> str:
    return _fenced(judged.gate.name, failure_text(judged.gate, judged.verdict))


def _fenced(title: str, text: str) -> str:
    body = "\n".join(visible(line) for line in text.splitlines())[:_LONGEST]
    fence = "`" * (_longest_run(body) + 3)
    return f"### {_inline(title)}\n\n{fence}text\n{body}\n{fence}\n\n"


def _longest_run(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest if longest >= 3 else 0


def _inline(text: str) -> str:
    cut = visible(" ".join(text.split()))[:500]
    for sign in "\\`*_[]<>#|@":
        cut = cut.replace(sign, f"\\{sign}" if sign not in "<>@" else _ENTITIES[sign])
    return cut


_ENTITIES = {"<": "&lt;", ">": "&gt;", "@": "&#64;"}


def _cell(text: str) -> str:
    return _inline(text)
