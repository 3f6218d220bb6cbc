"""What changed between two runs: gate by gate, by status, measured value and what is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ..model import CheckResult, Gate, GateReport, JudgedGate
from .outcome import Outcome, outcome
from .summary import headline

DifferenceKind = Literal["worse", "gone", "new", "better", "demand", "value", "moved"]
DIFFERENCES: tuple[DifferenceKind, ...] = (
    "worse",
    "gone",
    "new",
    "better",
    "demand",
    "value",
    "moved",
)
"""Every kind of difference, the worst first: `demand` is what is asked for, `value` what was
measured."""
_RANK: dict[Outcome, int] = {"failed": 0, "tolerated": 1, "skipped": 2, "passed": 3}
NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class Pair:
    """Something that differs: what it was, and what it is now."""

    what: str
    before: str
    now: str
    change: str = ""
    """How much, where both are numbers (`+12.5 %`)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One gate that is not as it was. `gate` is as it is now, or as it was if it is gone;
    `pairs` are all that differs, its status first. `blocks` says whether it blocks now."""

    kind: DifferenceKind
    gate: Gate
    pairs: tuple[Pair, ...]
    blocks: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs, compared. `troubles` are errors of specs and interruptions that are new."""

    before: str
    now: str
    differences: tuple[Difference, ...]
    unchanged: int
    troubles: tuple[str, ...]

    @property
    def is_worse(self) -> bool:
        """Whether something blocks that did not, or is not judged that was."""
        return bool(self.troubles) or any(
            one.kind in ("worse", "gone") or (one.kind == "new" and one.blocks)
            for one in self.differences
        )


def compared(before: GateReport, now: GateReport) -> Compared:
    there = dict(_gates(before))
    pairs: list[tuple[_Judged | None, _Judged]] = []
    left: list[_Judged] = []
    for nodeid, one in _gates(now):
        was = there.pop(nodeid, None)
        if was is None:
            left.append(one)
        else:
            pairs.append((was, one))
    # A spec that was renamed has its gates still, by their addresses.
    addresses = _unambiguous(there)
    for one in left:
        nodeid = addresses.pop(one.gate.address, "")
        pairs.append((there.pop(nodeid, None), one))
    found = [difference for was, one in pairs if (difference := _difference(was, one))]
    unchanged = len(pairs) - len(found)
    for one in there.values():
        pair = Pair("status", one.status, "gone")
        found.append(Difference("gone", one.gate, (pair,), False))
    found.sort(key=lambda one: (DIFFERENCES.index(one.kind), one.gate.nodeid))
    return Compared(
        before=headline(before),
        now=headline(now),
        differences=tuple(found),
        unchanged=unchanged,
        troubles=tuple(_troubles(before, now)),
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    gate: Gate
    judged: JudgedGate | None

    @property
    def status(self) -> str:
        return self.judged.verdict.status if self.judged else NOT_JUDGED

    @property
    def rank(self) -> int:
        return _RANK[outcome(self.judged.verdict)] if self.judged else -1

    @property
    def results(self) -> Sequence[CheckResult]:
        return self.judged.verdict.results if self.judged else ()


def _gates(report: GateReport) -> Iterator[tuple[str, _Judged]]:
    for judged in report.judged:
        yield judged.gate.nodeid, _Judged(judged.gate, judged)
    for gate in report.unjudged:
        yield gate.nodeid, _Judged(gate, None)


def _unambiguous(gates: Mapping[str, _Judged]) -> dict[str, str]:
    """The node ids by address, of the addresses that one gate alone has."""
    found: dict[str, list[str]] = {}
    for nodeid, one in gates.items():
        found.setdefault(one.gate.address, []).append(nodeid)
    return {address: nodeids[0] for address, nodeids in found.items() if len(nodeids) == 1}


def _difference(was: _Judged | None, now: _Judged) -> Difference | None:
    blocks = now.judged is not None and now.judged.verdict.blocking
    if was is None:
        return Difference("new", now.gate, (Pair("status", "not there", now.status),), blocks)
    pairs = [*_differing(was, now)]
    if not pairs:
        return None
    names = {pair.what for pair in pairs}
    kind: DifferenceKind
    if now.judged is None and was.judged is not None:
        kind = "gone"
    elif now.rank != was.rank:
        kind = "worse" if now.rank < was.rank and was.judged is not None else "better"
        kind = "new" if was.judged is None else kind
    elif names & {"level", "stage", "required"}:
        kind = "demand"
    else:
        kind = "value" if names & {"measured", "status"} else "moved"
    return Difference(kind, now.gate, tuple(pairs), blocks)


def _differing(was: _Judged, now: _Judged) -> Iterator[Pair]:
    texts = (
        ("status", was.status, now.status),
        ("level", was.gate.level, now.gate.level),
        ("stage", was.gate.stage, now.gate.stage),
        ("node id", was.gate.nodeid, now.gate.nodeid),
    )
    yield from (Pair(*one) for one in texts if one[1] != one[2])
    earlier = {_name(result): result for result in was.results}
    for result in now.results:
        before = earlier.pop(_name(result), None)
        if before is None:
            yield Pair("required", "not asked for", result.required)
            continue
        if before.required != result.required:
            yield Pair("required", before.required, result.required)
        if before.value != result.value:
            change = _change(before.value, result.value)
            yield Pair("measured", _measured(before), _measured(result), change)
    # Without a verdict nothing is known of the checks.
    if now.judged is not None:
        yield from (Pair("required", one.required, "not asked for") for one in earlier.values())


def _name(result: CheckResult) -> tuple[object, ...]:
    check = result.check
    return check.kind, check.metric, check.statistic, check.op, check.subject


def _measured(result: CheckResult) -> str:
    return result.measured or f"nothing ({result.status})"


def _change(before: object, now: object) -> str:
    numbers = [
        float(value)
        for value in (before, now)
        if isinstance(value, int | float | Fraction) and not isinstance(value, bool)
    ]
    if len(numbers) < 2 or not numbers[0]:
        return ""
    share = (numbers[1] - numbers[0]) / abs(numbers[0]) * 100
    return f"{share:+.3g} %" if abs(share) < float("inf") else ""


def _troubles(before: GateReport, now: GateReport) -> Iterator[str]:
    yield from (error for error in now.errors if error not in before.errors)
    if now.interrupted and not before.interrupted:
        yield f"the run was interrupted: {now.interrupted}"
