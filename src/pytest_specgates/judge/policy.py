"""From judged checks to the verdict of a gate: level, stage, waivers."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from ..model import NOT_MET, STAGES, STATUSES, CheckResult, Gate, Stage, Verdict, Waiver

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
    """The verdict under the waiver of its spec that names the gate, if there is one."""
    if found.status not in _WAIVABLE:
        return found
    waiver = waiver_of(gate)
    if waiver is None:
        return found
    if datetime.date.fromisoformat(waiver.expires) < today:
        return replace(
            found,
            sentence=f"{found.sentence} (the waiver by {waiver.owner} expired on {waiver.expires})",
        )
    left = (datetime.date.fromisoformat(waiver.expires) - today).days
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


def waiver_of(gate: Gate) -> Waiver | None:
    names = (gate.name, gate.criterion.id)
    for waiver in gate.spec.waivers:
        if any(fnmatchcase(name, waiver.gate) for name in names):
            return waiver
    return None


def _by_level(gate: Gate, found: Verdict) -> Verdict:
    if not found.blocking or gate.level == "must":
        return found
    why = f": {gate.reading.why}" if gate.reading.why else ""
    return replace(found, blocking=False, sentence=f"{found.sentence} (level {gate.level}{why})")
