"""From judged checks to the verdict of a gate: level, stage, waivers."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Literal

from ..model import (
    NOT_MET,
    STAGES,
    STATUSES,
    CheckResult,
    Gate,
    JudgedGate,
    Stage,
    Verdict,
    Waiver,
    WaiverState,
)

_WAIVABLE = NOT_MET - {"error"}


def is_deferred(gate: Gate, stage: Stage) -> bool:
    """Whether the gate belongs to a later stage than the one that is judged."""
    return bool(gate.checks) and STAGES.index(gate.stage) > STAGES.index(stage)


def deferred(gate: Gate, stage: Stage) -> Verdict:
    return Verdict(
        "deferred",
        f"judged at stage {gate.stage}, this run judges {stage}",
        False,
        next_step=f"--spec-gates-stage={gate.stage}",
    )


def not_applicable(reason: str) -> Verdict:
    return Verdict("not-applicable", reason, False)


def unbound(gate: Gate, today: datetime.date) -> Verdict:
    reading = gate.reading
    found = Verdict("unbound", reading.reason, True, next_step=reading.suggestion)
    return _by_level(gate, waived(gate, found, today))


def broken(gate: Gate, message: str) -> Verdict:
    return _by_level(gate, Verdict("error", message, True))


def verdict(gate: Gate, results: Sequence[CheckResult], today: datetime.date) -> Verdict:
    """The verdict of a gate: the worst of its checks, then its waiver, then its level."""
    worst = min(results, key=lambda result: STATUSES.index(result.status))
    if worst.status == "passed":
        sentence = "; ".join(result.sentence for result in results)
    else:
        sentence = worst.sentence
    found = Verdict(
        worst.status, sentence, worst.status in NOT_MET, tuple(results), worst.next_step
    )
    return _by_level(gate, waived(gate, found, today))


def waived(gate: Gate, found: Verdict, today: datetime.date) -> Verdict:
    """The verdict under the waiver that names the gate, if there is one."""
    if found.status not in _WAIVABLE:
        return found
    waiver = gate.waiver
    if waiver is None:
        return found
    left = days_left(waiver, today)
    if left < 0:
        return replace(
            found,
            sentence=f"{found.sentence} (the waiver by {waiver.owner} expired on {waiver.expires})",
        )
    return replace(
        found,
        status="waived",
        blocking=False,
        sentence=(
            f"{found.sentence}; waived by {waiver.owner} until {waiver.expires} UTC "
            f"({left} days left): {waiver.reason}"
        ),
        underlying=found.status,
        waiver=waiver,
    )


def waiver_for(gate: Gate, project: Sequence[Waiver] = ()) -> Waiver | None:
    """The first waiver that names the gate: of its spec (by its name), then of the project (by
    its address)."""
    names = (gate.name, gate.criterion.id)
    for waiver in gate.spec.waivers:
        if any(fnmatchcase(name, waiver.gate) for name in names):
            return waiver
    return next((w for w in project if fnmatchcase(gate.address, w.gate)), None)


def days_left(waiver: Waiver, today: datetime.date) -> int:
    """How many days a waiver still holds; 0 on its last day, negative once it has expired."""
    return (datetime.date.fromisoformat(waiver.expires) - today).days


def waiver_states(
    waivers: Sequence[Waiver], judged: Sequence[JudgedGate], today: datetime.date
) -> tuple[WaiverState, ...]:
    """How each waiver stands after a run: what it lets pass, or that nothing needs it."""
    states = []
    for waiver in waivers:
        named = [j for j in judged if j.gate.waiver == waiver]
        used = tuple(j.gate.address for j in named if j.verdict.waiver == waiver)
        left = days_left(waiver, today)
        state: Literal["used", "unused", "expired"] = "used" if used else "unused"
        states.append(WaiverState(waiver, "expired" if left < 0 else state, left, used))
    return tuple(states)


def _by_level(gate: Gate, found: Verdict) -> Verdict:
    if not found.blocking or gate.level == "must":
        return found
    why = f": {gate.reading.why}" if gate.reading.why else ""
    return replace(found, blocking=False, sentence=f"{found.sentence} (level {gate.level}{why})")
