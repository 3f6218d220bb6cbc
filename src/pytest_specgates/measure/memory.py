"""`memory`: what a test or a command takes of memory, and what stays after many calls.

Tests are measured in processes of their own, after the run: never where time is measured. The
peak of a test is what its call had above the start of it; that of a command is all that its
largest process had.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from ..errors import ProbeError
from ..model import (
    Check,
    Kind,
    Measurement,
    MemoryPlan,
    MemoryUse,
    Metric,
    RunEvidence,
    Surroundings,
    TestResult,
    Value,
    absence,
)
from . import memory_command
from .tests import incomplete, selector

_FEWEST_CALLS = 100
_PER = re.compile(r"(?:/|\bper\b)\s*(?P<calls>\d[\d_,]*)?\s*calls?$")
_SEES = {
    "rss": "all that the system counts",
    "tracemalloc": "what Python allocates: no memory of C, no mmap, no other process",
    "memray": "what is allocated in this process: no other process",
}


def probe(check: Check, around: Surroundings) -> Measurement:
    by = check.options["by"]
    if check.metric == _GROWTH and by == "memray":
        raise ProbeError("`by: memray` tells a peak; growth is by rss or tracemalloc")
    uses: dict[MemoryPlan, MemoryUse] = {}
    of_commands = []
    for subject in check.subject:
        line = memory_command.line_of(subject)
        if not line:
            found = _of_tests(subject, check, around)
            if isinstance(found, Measurement):
                return found
            uses.update((use.plan, use) for use in found)
            continue
        if check.metric == _GROWTH or by != "rss":
            raise ProbeError("of a command only the peak is measured, by rss")
        of_commands.append(memory_command.probe(line, check, around))
        if of_commands[-1].absent is not None:
            return of_commands[-1]
    measured = sorted(((took(use), use) for use in uses.values()), key=lambda pair: -pair[0])
    values = [value for one in of_commands for value in one.values]
    values += [Value(use.plan.nodeid, value, samples=_samples(use)) for value, use in measured]
    unsure = _unsure(measured, check)
    if unsure is not None and not any(_is_above(value, check) for value in values):
        return unsure
    return Measurement(
        tuple(values),
        evidence=(*(text for one in of_commands for text in one.evidence), *_told(measured)),
        next_step=_next(measured[0][1]) if measured else of_commands[0].next_step,
    )


def _of_tests(subject: str, check: Check, around: Surroundings) -> list[MemoryUse] | Measurement:
    """What the tests of a subject took, or why that is not known of all of them."""
    gap = incomplete(subject, around)
    if gap:
        return absence(*gap)
    chosen = matching(subject, around.run)
    if not chosen:
        return absence(f"no test matches {subject}", "write the test, or correct `of:`")
    uses = []
    for result in chosen:
        nodeid = result.ref.nodeid
        if result.outcome in ("failed", "error"):
            return absence(
                f"{nodeid} {result.outcome}, its memory does not count", f'pytest "{nodeid}"'
            )
        if result.outcome not in _RAN:
            continue
        use = around.run.memory.get(plan_of(nodeid, check))
        if use is None:
            return absence(f"the memory of {nodeid} was not measured")
        if use.reason:
            return absence(use.reason, use.next_step)
        uses.append(use)
    if not uses:
        return absence(
            f"no test of {subject} passed", "skipped and xfailed tests show nothing; let one run"
        )
    return uses


def _samples(use: MemoryUse) -> int:
    return max(1, use.calls * (len(use.marks) - 1))


def _is_above(value: Value, check: Check) -> bool:
    limit = check.quantity.value
    assert isinstance(limit, Fraction)  # its metrics are numbers
    assert isinstance(value.value, Fraction)
    return value.value > limit


def _unsure(measured: Sequence[tuple[Fraction, MemoryUse]], check: Check) -> Measurement | None:
    """Why nobody can tell on which side of the limit the tests are: what is sure of one is on
    this side, and what may have been besides is on the other."""
    limit = check.quantity.value
    assert isinstance(limit, Fraction)
    for value, use in measured:
        if use.hidden and value + use.hidden >= limit:
            return absence(
                f"{use.plan.nodeid}: {size(value)}, or up to {size(value + use.hidden)}: {use.why}",
                "measure that process by `of: command:LINE`, or choose another limit",
            )
    return None


_SHOWN = 10
_RAN = ("passed", "xpassed")


def matching(subject: str, run: RunEvidence) -> list[TestResult]:
    matches = selector(subject)
    found = [result for result in run.results.values() if matches(result.ref)]
    return sorted(found, key=lambda result: result.ref.nodeid)


def plan_of(nodeid: str, check: Check) -> MemoryPlan:
    calls = 0
    if check.metric == _GROWTH:
        per = _PER.search(check.quantity.written)
        calls = int(re.sub(r"\D", "", per["calls"] or "1")) if per else 1
        calls = max(_FEWEST_CALLS, calls)
    limit = float(check.options.get("timeout", memory_command.DEFAULT_TIMEOUT))
    return MemoryPlan(nodeid, check.options["by"], calls, limit)


def plans(checks: Iterable[Check], around: Surroundings, of_part: bool) -> list[MemoryPlan]:
    """What has to be measured for the checks: of the tests that passed. `of_part` asks for the
    tests of a run that is known to be a part of the suite."""
    return list(dict.fromkeys(_plans(checks, around, of_part)))


def _plans(checks: Iterable[Check], around: Surroundings, of_part: bool) -> Iterator[MemoryPlan]:
    for check in checks:
        for subject in check.subject if check.kind == KIND.name else ():
            if memory_command.line_of(subject) or (not of_part and incomplete(subject, around)):
                continue
            for result in matching(subject, around.run):
                if result.outcome in _RAN:
                    yield plan_of(result.ref.nodeid, check)


def took(use: MemoryUse) -> Fraction:
    """Bytes: at most, or of each call."""
    return growth(use) if use.marks else Fraction(use.peak + use.child)


def growth(use: MemoryUse) -> Fraction:
    """Bytes a call: the median of the slopes between all marks, which one step does not move."""
    pairs = combinations(enumerate(use.marks), 2)
    slopes = [Fraction(b - a, (j - i) * use.calls) for (i, a), (j, b) in pairs]
    from statistics import median

    return max(Fraction(0), median(slopes))


def _told(measured: Sequence[tuple[Fraction, MemoryUse]]) -> Iterator[str]:
    """The evidence: those that took most."""
    for _, use in measured[:_SHOWN]:
        yield f"{use.plan.nodeid}: {_told_of(use)}"
    if len(measured) > _SHOWN:
        yield f"{len(measured) - _SHOWN} more tests took less"
    if measured:
        by = measured[0][1].plan.by
        yield f"each in a process of its own, by {by}: {_SEES[by]}"


def _told_of(use: MemoryUse) -> str:
    if use.marks:
        return (
            f"{use.warm_up} calls to warm up, then {_samples(use)}: {size(use.marks[0])} before, "
            f"{size(use.marks[-1])} after them, by the median slope of {len(use.marks)} counts"
        )
    told = f"{size(use.peak)} above the {size(use.start)} at the start of its call"
    if use.child:
        told += f"; the largest process that it started had {size(use.child)}, which is added"
    if use.hidden:
        told += f"; up to {size(use.hidden)} more are possible: {use.why}"
    return told


def _next(worst: MemoryUse) -> str:
    nodeid = worst.plan.nodeid
    if worst.marks:
        return f"look for what {nodeid} leaves behind at each call"
    return f'memray run -m pytest "{nodeid}" shows where it is allocated'


def size(count: Fraction | int) -> str:
    """Bytes in words."""
    for power, name in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
        if count >= 1 << power:
            return f"{float(Fraction(count) / (1 << power)):.1f} {name}"
    return f"{float(count):g} B"


_PEAK, _GROWTH = "peak memory", "memory growth"
KIND = Kind(
    name="memory",
    summary="What a test or a command takes of memory, and what many calls of a test leave.",
    value={"type": "string"},
    metrics=(
        Metric(_PEAK, "size", ("<", "<="), words=("peak", "memory")),
        Metric(_GROWTH, "growth", ("<", "<="), words=("growth", "leak")),
    ),
    probe=probe,
    needs="run",
    keys={
        "by": {"enum": ["rss", "tracemalloc", "memray"], "default": "rss"},
        "timeout": {"type": "number"},
    },
    subject_is_required=True,
    example="`memory: peak < 256 MiB` with `of: tests/perf/test_x.py::test_analyze`",
)
