"""What every format says first: the verdict, the counts, the gates in order."""

from __future__ import annotations

from ..model import STATUSES, GateReport, JudgedGate, Status, WaiverState


def headline(report: GateReport) -> str:
    """`FAILED: 2 of 40 gates block`."""
    total = len(report.judged)
    blocking = [j for j in report.judged if j.verdict.blocking]
    if report.verdict == "failed":
        parts = []
        if blocking:
            verb = "blocks" if len(blocking) == 1 else "block"
            parts.append(f"{len(blocking)} of {counted(total, 'gate')} {verb}")
        if report.errors:
            parts.append(counted(len(report.errors), "spec error"))
        return f"FAILED: {', '.join(parts)}"
    if report.verdict == "incomplete":
        why = report.interrupted or f"{counted(len(report.unjudged), 'gate')} not judged"
        return f"INCOMPLETE: {why}"
    return f"PASSED: {counted(total, 'gate')}, none blocks"


def counts(report: GateReport) -> str:
    """`2 failed, 5 passed, 1 not judged`."""
    return ", ".join(text for text, _ in counts_of(report))


def counts_of(report: GateReport) -> list[tuple[str, Status | None]]:
    """The parts of the counts, those of gates that were judged with their status."""
    shown: list[tuple[str, Status | None]] = [
        (f"{n} {status}", status) for status, n in report.counts.items() if n
    ]
    if report.unjudged:
        shown.append((f"{len(report.unjudged)} not judged", None))
    if report.statements:
        is_one = len(report.statements) == 1
        what = "line that is no gate" if is_one else "lines that are no gates"
        shown.append((f"{len(report.statements)} {what}", None))
    return shown or [("no gate", None)]


def expired(state: WaiverState) -> str:
    """The error of a waiver that has expired: it is renewed or taken out, never left."""
    waiver = state.waiver
    place = f"{waiver.span.path}:{waiver.span.line}:{waiver.span.column}"
    return (
        f'{place}: the waiver for "{waiver.gate}" by {waiver.owner} expired on {waiver.expires} '
        "(UTC): take it out, or let its owner renew it"
    )


def waiver_line(state: WaiverState) -> str:
    """`waiver for x by ana: 12 days left, until 2026-12-31 UTC: reason (waives a/b)`."""
    waiver, left = state.waiver, state.days_left
    days = "expired" if left < 0 else f"{counted(left, 'day')} left"
    uses = f"waives {', '.join(state.used)}" if state.used else "nothing needs it"
    return (
        f"waiver for {waiver.gate} by {waiver.owner}: {days}, until {waiver.expires} UTC: "
        f"{waiver.reason} ({uses})"
    )


def by_spec(report: GateReport) -> dict[tuple[str, str], list[JudgedGate]]:
    """The judged gates of each spec (path, name), in the order in which they were written."""
    specs: dict[tuple[str, str], list[JudgedGate]] = {}
    for judged in report.judged:
        specs.setdefault((judged.gate.spec.path, judged.gate.spec.name), []).append(judged)
    return specs


def rank(judged: JudgedGate) -> tuple[bool, int]:
    return (not judged.verdict.blocking, STATUSES.index(judged.verdict.status))


def short(judged: JudgedGate) -> str:
    """What a gate's line says after its name."""
    verdict = judged.verdict
    if verdict.status == "passed":
        return f"{verdict.measured} ({verdict.required})"
    return verdict.sentence


def counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
