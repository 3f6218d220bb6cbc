"""The gate report as lines of a terminal, each with its style (a colour or "")."""

from __future__ import annotations

from ..model import GateReport, JudgedGate
from .gate_text import visible
from .summary import by_spec, counts, headline, short, waiver_line
from .trend import since_base

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
            phase = ""
            for judged in gates:
                if judged.gate.criterion.phase != phase:
                    phase = judged.gate.criterion.phase
                    lines.append((f"  {visible(phase)}", ""))
                lines.append(_gate_line(judged, width))
                if verbosity > 0:
                    lines.extend(_details(judged))
            lines.append(("", ""))
        if verbosity > 0:
            for statement in report.statements:
                text = f"not a gate: {statement.path}:{statement.line} {statement.text}"
                lines.append((visible(f"{text} ({statement.reason})"), ""))
    # The whole texts stand above, where pytest tells of errors in collecting.
    lines.extend((visible(error.partition("\n")[0]), "red") for error in report.errors)
    lines.extend((visible(waiver_line(state)), "yellow") for state in report.waivers)
    lines.extend((visible(note), "") for note in report.notes)
    lines.extend((line, "") for line in since_base(report))
    lines.append((counts(report), ""))
    lines.append((visible(headline(report)), _VERDICT_STYLE[report.verdict]))
    return lines


def _gate_line(judged: JudgedGate, width: int) -> tuple[str, str]:
    verdict = judged.verdict
    texts = max(24, min(48, width // 2 - _STATUS_WIDTH))
    text = _cut(visible(judged.gate.criterion.text), texts)
    line = f"    {verdict.status:<{_STATUS_WIDTH}} {text:<{texts}}  {visible(short(judged))}"
    style = _STYLE[verdict.status] if verdict.blocking or verdict.status == "passed" else "cyan"
    return _cut(line, max(width, 60)), style


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."


def _details(judged: JudgedGate) -> list[tuple[str, str]]:
    span = judged.gate.criterion.span
    lines = [
        (f"{'':<{_STATUS_WIDTH + 4}} {span.path}:{span.line}  {judged.gate.criterion.text}", "")
    ]
    if judged.gate.reading.text:
        lines.append((f"{'':<{_STATUS_WIDTH + 4}} read as {judged.gate.reading.text}", ""))
    return [(visible(text), style) for text, style in lines]
