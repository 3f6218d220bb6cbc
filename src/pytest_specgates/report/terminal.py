"""The gate report as lines of a terminal, each with its style (a colour or "")."""

from __future__ import annotations

from ..model import GateReport, JudgedGate
from .gate_text import visible
from .summary import by_spec, counts, headline, short

_STYLE = {
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


def render(report: GateReport, width: int, verbosity: int = 0) -> list[tuple[str, str]]:
    """One block a spec, one line a gate, then the counts and the verdict. With a verbosity
    of 1 the readings are shown, and the lines that are not gates; below 0 only the end."""
    lines: list[tuple[str, str]] = []
    if verbosity >= 0:
        for (path, name), gates in by_spec(report).items():
            lines.append((f"{visible(name)}  {visible(path)}", ""))
            names = min(max(len(j.gate.name) for j in gates), max(20, width // 2))
            for judged in gates:
                lines.append(_gate_line(judged, names, width))
                if verbosity > 0:
                    lines.extend(_details(judged))
            lines.append(("", ""))
        if verbosity > 0:
            for statement in report.statements:
                text = f"not a gate: {statement.path}:{statement.line} {statement.text}"
                lines.append((visible(f"{text} ({statement.reason})"), ""))
    for error in report.errors:
        lines.extend((visible(line), "red") for line in error.splitlines())
    lines.extend((visible(note), "") for note in report.notes)
    lines.append((counts(report), ""))
    lines.append((visible(headline(report)), _VERDICT_STYLE[report.verdict]))
    return lines


def _gate_line(judged: JudgedGate, names: int, width: int) -> tuple[str, str]:
    verdict, gate = judged.verdict, judged.gate
    name = gate.name if len(gate.name) <= names else gate.name[: names - 3] + "..."
    line = f"  {verdict.status:<{_STATUS_WIDTH}} {name:<{names}}  {visible(short(judged))}"
    style = _STYLE[verdict.status] if verdict.blocking or verdict.status == "passed" else "cyan"
    return (line if len(line) <= width else line[: max(width - 3, 40)] + "..."), style


def _details(judged: JudgedGate) -> list[tuple[str, str]]:
    span = judged.gate.criterion.span
    lines = [(f"{'':<{_STATUS_WIDTH + 3}} {span.path}:{span.line}  {judged.gate.criterion.text}", "")]
    if judged.gate.reading.text:
        lines.append((f"{'':<{_STATUS_WIDTH + 3}} read as {judged.gate.reading.text}", ""))
    return [(visible(text), style) for text, style in lines]
