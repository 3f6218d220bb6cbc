"""The gate that the plugin adds itself: nothing is weaker than on the base."""

from __future__ import annotations

import datetime
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from fractions import Fraction
from pathlib import Path

from ..errors import SpecError
from ..judge import policy
from ..measure import git
from ..model import (
    Base,
    Change,
    Check,
    Comparison,
    Criterion,
    Gate,
    Measurement,
    Quantity,
    Reading,
    Span,
    Spec,
    Value,
    Verdict,
    Waiver,
    absence,
)
from .against_base import compare_with_base
from .judging import judge
from .loading import POLICY

_SHOWN = 40
_ID = "weakening"
_SPAN = Span(POLICY, 1, 1)
_CHECK = Check(POLICY, "weakenings", "==", Quantity(Fraction(0), "count", "0"))

WEAKENING = Gate(
    nodeid=f"{POLICY}::{_ID}",
    spec=Spec(name=POLICY, path=POLICY, line=1, criteria=()),
    criterion=Criterion(
        id=_ID, text="Nothing is weaker than on the base", span=_SPAN, keys=(), phase=""
    ),
    reading=Reading(checks=(_CHECK,), text="policy: no weakening against the base"),
    level="must",
    stage="pre-merge",
)


@dataclass(frozen=True, slots=True)
class Weakening:
    """What was found against a base: the gate under the waiver that stands there, what it
    measured, all changes (None where there was nothing to compare with), and how long it took."""

    gate: Gate
    measurement: Measurement
    comparison: Comparison | None = None
    seconds: float = 0.0


def verdict_of(found: Weakening) -> Verdict:
    return replace(judge(found.gate, [found.measurement]), seconds=found.seconds)


def weakening(root: Path, wanted: str, today: datetime.date | None = None) -> Weakening:
    """Compare the project with the base that is wanted. Only waivers that stand on the base
    itself count: one of `policy/weakening` lets all pass, one of `policy/weakening/ADDRESS` (a
    pattern) what is told of that address."""
    start = time.perf_counter()
    found = _compared(root, wanted, today)
    return replace(found, seconds=time.perf_counter() - start)


def _compared(root: Path, wanted: str, today: datetime.date | None) -> Weakening:
    base = git.strict_base(root, wanted)
    if base.reason:
        return Weakening(WEAKENING, absence(base.reason, status="error"))
    try:
        comparison, before = compare_with_base(root, base)
    except git.GitError as error:
        return Weakening(WEAKENING, absence(f"git: {error}", status="error"))
    except SpecError as error:
        return Weakening(WEAKENING, absence(str(error).partition("\n")[0], status="error"))
    day = today or datetime.datetime.now(datetime.timezone.utc).date()
    holding = [w for w in before.waivers if policy.days_left(w, day) >= 0]
    gate = replace(WEAKENING, waiver=policy.waiver_for(WEAKENING, before.waivers))
    return Weakening(gate, _measured(comparison, base, holding), comparison)


def _measured(comparison: Comparison, base: Base, holding: Sequence[Waiver]) -> Measurement:
    evidence = [f"compared with {base.ref} ({base.commit[:10]}): {_counted(comparison)}"]
    weaker = 0
    for change in comparison.weakenings:
        waiver = _allowing(change, holding)
        weaker += waiver is None
        allowed = f" (allowed by {waiver.owner} until {waiver.expires})" if waiver else ""
        evidence.append(f"{line_of(change)}{allowed}")
    if len(evidence) > _SHOWN:
        evidence[_SHOWN:] = [f"and {len(evidence) - _SHOWN} more: specgates diff {base.ref}"]
    compared = comparison.unchanged + len(comparison.changes)
    return Measurement(
        (Value("", weaker, samples=compared),),
        evidence=tuple(evidence),
        next_step="take it back, or let a waiver of policy/weakening be merged first"
        if weaker
        else "",
    )


def _allowing(change: Change, holding: Sequence[Waiver]) -> Waiver | None:
    name = f"{POLICY}/{_ID}/{change.subject}"
    return next((w for w in holding if fnmatchcase(name, w.gate)), None)


def _counted(comparison: Comparison) -> str:
    counts: dict[str, int] = {}
    for change in comparison.changes:
        counts[change.kind] = counts.get(change.kind, 0) + 1
    told = [f"{number} {kind}" for kind, number in sorted(counts.items())]
    return ", ".join([*told, f"{comparison.unchanged} gates unchanged"])


def line_of(change: Change) -> str:
    """`specs/x.spec.yaml:5: weakened: shop/total: coverage >= 80%, on the base >= 90%`."""
    span = change.span
    return f"{span.path}:{span.line}: {change.kind}: {change.subject}: {change.message}"
