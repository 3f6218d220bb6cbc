"""`regression`: whether tests take more than on the base, measured side by side: more time or
memory, or more work by count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import exp

from ..errors import ProbeError
from ..model import Base, Check, Kind, Measurement, Metric, Paired, Surroundings, Value, absence
from . import baselines, git
from .memory import size
from .tests import incomplete, selector

_MEMORY = "peak memory"


def probe(check: Check, around: Surroundings) -> Measurement:
    if check.metric == _MEMORY and "unit" in check.options:
        raise ProbeError("`unit:` is for time; memory is measured `by:` rss, tracemalloc or memray")
    if check.metric != _MEMORY and "by" in check.options:
        raise ProbeError("`by:` is for memory; work instead of time is counted with `unit:`")
    base = base_of(check, around)
    if base.reason:
        since = check.options.get("since")
        step = "fetch it" if since else "name it with --spec-gates-base=REF"
        if since == baselines.NAME and not base.commit:
            step = baselines.SAVE
        return absence(base.reason, step)
    told = f"{base.ref} ({base.commit[:10]})"
    values: list[Value] = []
    evidence: list[str] = []
    for subject in check.subject or ("",):
        gap = incomplete(subject, around)
        if gap:
            return absence(*gap)
        tests = chosen(subject, check, around)
        if not tests:
            what, step = "benchmark", "write a test that uses the `benchmark` fixture"
            if check.metric == _MEMORY:
                what, step = "test that passed", "write the test"
            step = f"{step}, or correct `of:`"
            return absence(f"no {what} matches {subject or 'the run'}", step)
        if not base.changed:
            return absence(f"nothing differs from {told}", status="not-applicable")
        for nodeid in tests:
            found = around.paired(base, way_of(check)).get(
                nodeid, Paired(reason="it was not measured")
            )
            if found.reason:
                return absence(f"{nodeid}: {found.reason}", found.next_step)
            values.append(_value(nodeid, found, check))
            evidence.append(f"{nodeid}: {_told(found, check, told)}")
    return Measurement(
        tuple(values),
        evidence=tuple(evidence),
        next_step=f"git diff {base.commit[:10]} shows what has changed",
    )


def base_of(check: Check, around: Surroundings) -> Base:
    """What a check compares with: the base of the run or, since a ref, that commit itself."""
    if "since" not in check.options:
        return around.base()
    since = check.options["since"]
    key = ("since", since)
    if key not in around.cache:
        is_baseline = since == baselines.NAME
        around.cache[key] = _baseline(around) if is_baseline else git.fixed_base(around.root, since)
    found: Base = around.cache[key]
    return found


def _baseline(around: Surroundings) -> Base:
    found = baselines.read_baseline(around.root)
    if found is None:
        return Base(ref=baselines.NAME, reason=f"there is no {baselines.FILE}")
    base = git.fixed_base(around.root, found.commit)
    return replace(base, ref=f"{baselines.NAME} of {found.judged[:10]}")


def way_of(check: Check) -> str:
    """What is compared: "time", a unit of counted work, or the method by which memory is
    measured."""
    if check.metric == _MEMORY:
        return str(check.options.get("by", "rss"))
    return str(check.options.get("unit", "time"))


def chosen(subject: str, check: Check, around: Surroundings) -> list[str]:
    """The node ids of what a check compares, sorted: the benchmarks of the subject that passed,
    or, for memory, its tests."""
    matches = selector(subject)
    return sorted(
        nodeid
        for nodeid, result in around.run.results.items()
        if (result.ref.is_benchmark or check.metric == _MEMORY)
        and matches(result.ref)
        and result.outcome == "passed"
    )


def _value(nodeid: str, found: Paired, check: Check) -> Value:
    if not found.pairs:
        now, base = Fraction(found.now), Fraction(found.base)
        share = base / now if check.metric == "throughput" else now / base
        return Value(nodeid, (share - 1) * 100)
    from statistics import median

    change = median(pair.change for pair in found.pairs)
    ratio = exp(-change) if check.metric == "throughput" else exp(change)
    return Value(nodeid, (ratio - 1) * 100, samples=len(found.pairs), pairs=found.pairs)


def _told(found: Paired, check: Check, base: str) -> str:
    way = way_of(check)
    how = f"{len(found.pairs)} pairs of fresh processes"
    shown: Callable[[float | Fraction], str] = _time
    if way == "time":
        how = f"side by side in {how}, {found.blocks} blocks or more each"
    elif check.metric == _MEMORY:
        shown, how = _size, f"by {way}, in {how}"
    else:
        by = "valgrind" if way == "instructions" else "sys.monitoring, which sees no C code"
        shown, how = _count, f"{way} of a call, counted by {by}; no time was measured"
    return f"{shown(found.now)} here, {shown(found.base)} on {base}; {how}"


def _size(count: float | Fraction) -> str:
    return size(Fraction(count))


def _count(count: float | Fraction) -> str:
    return f"{round(count):,}"


def _time(seconds: float | Fraction) -> str:
    for scale, unit in ((1.0, "s"), (1e3, "ms"), (1e6, "us")):
        if seconds * scale >= 1:
            return f"{float(seconds) * scale:.3g} {unit}"
    return f"{float(seconds) * 1e9:.3g} ns"


KIND = Kind(
    name="regression",
    summary="Whether tests are slower, or take more memory, than on the base, side by side.",
    value={"type": "string"},
    metrics=(
        Metric("latency", "percent", ("<", "<="), words=("time",), against_base="share"),
        Metric("throughput", "percent", (">", ">="), words=("rate",), against_base="share"),
        Metric(_MEMORY, "percent", ("<", "<="), words=("memory", "peak"), against_base="share"),
    ),
    probe=probe,
    needs="run",
    keys={
        "since": {"type": "string"},
        "unit": {"enum": ["time", "instructions", "bytecodes"]},
        "by": {"enum": ["rss", "tracemalloc", "memray"]},
    },
    example="`regression: latency <= base + 5 %` with `of: tests/perf`",
)
