"""`regression`: whether benchmarks are slower than on the base, measured side by side."""

from __future__ import annotations

from math import exp

from ..model import Base, Check, Kind, Measurement, Metric, Paired, Surroundings, Value, absence
from . import git
from .tests import incomplete, selector


def probe(check: Check, around: Surroundings) -> Measurement:
    base = base_of(check, around)
    if base.reason:
        step = "fetch it" if "since" in check.options else "name it with --spec-gates-base=REF"
        return absence(base.reason, step)
    told = f"{base.ref} ({base.commit[:10]})"
    values: list[Value] = []
    evidence: list[str] = []
    for subject in check.subject or ("",):
        gap = incomplete(subject, around)
        if gap:
            return absence(*gap)
        chosen = benchmarks(subject, around)
        if not chosen:
            step = "write a test that uses the `benchmark` fixture, or correct `of:`"
            return absence(f"no benchmark matches {subject or 'the run'}", step)
        if not base.changed:
            return absence(f"nothing differs from {told}", status="not-applicable")
        for nodeid in chosen:
            found = around.paired(base).get(nodeid, Paired(reason="it was not measured"))
            if found.reason:
                return absence(f"{nodeid}: {found.reason}", found.next_step)
            values.append(_value(nodeid, found, check))
            evidence.append(_told(nodeid, found, told))
    return Measurement(
        tuple(values),
        evidence=tuple(evidence),
        next_step=f"git diff {base.commit[:10]} shows what has changed",
    )


def base_of(check: Check, around: Surroundings) -> Base:
    """What a check compares with: the base of the run or, since a ref, that commit itself."""
    if "since" not in check.options:
        return around.base()
    key = ("since", check.options["since"])
    if key not in around.cache:
        around.cache[key] = git.fixed_base(around.root, check.options["since"])
    found: Base = around.cache[key]
    return found


def benchmarks(subject: str, around: Surroundings) -> list[str]:
    """The node ids of the benchmarks of a subject that passed, sorted."""
    matches = selector(subject)
    return sorted(
        nodeid
        for nodeid, result in around.run.results.items()
        if result.ref.is_benchmark and matches(result.ref) and result.outcome == "passed"
    )


def _value(nodeid: str, found: Paired, check: Check) -> Value:
    from statistics import median

    change = median(pair.change for pair in found.pairs)
    ratio = exp(-change) if check.metric == "throughput" else exp(change)
    return Value(nodeid, (ratio - 1) * 100, samples=len(found.pairs), pairs=found.pairs)


def _told(nodeid: str, found: Paired, base: str) -> str:
    blocks = f"{len(found.pairs)} pairs of fresh processes, {found.blocks} blocks each"
    times = f"{_time(found.now)} here, {_time(found.base)} on {base}"
    return f"{nodeid}: {times}; side by side in {blocks}"


def _time(seconds: float) -> str:
    for scale, unit in ((1.0, "s"), (1e3, "ms"), (1e6, "us")):
        if seconds * scale >= 1:
            return f"{seconds * scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


KIND = Kind(
    name="regression",
    summary="Whether benchmarks are slower than on the base, measured side by side.",
    value={"type": "string"},
    metrics=(
        Metric("latency", "percent", ("<", "<="), words=("time",), against_base="share"),
        Metric("throughput", "percent", (">", ">="), words=("rate",), against_base="share"),
    ),
    probe=probe,
    needs="run",
    keys={"since": {"type": "string"}},
    example="`regression: latency <= base + 5 %` with `of: tests/perf`",
)
