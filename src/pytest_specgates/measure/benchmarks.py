"""`latency` and `throughput`: from the samples of pytest-benchmark or of the fixture `measure`,
every one of them.

A percentile is the nearest rank: the least sample that at least that share of the samples
do not exceed. How sure it is follows from the binomial distribution, whatever that of the
samples: `bounds`. It needs as many samples as can show anything with 95 % certainty (59 for
p95, 299 for p99), and one call in each: a mean of many calls has lost the tail.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from ..model import (
    Check,
    Kind,
    Measurement,
    Metric,
    RunEvidence,
    Samples,
    Surroundings,
    TestRef,
    Value,
    absence,
)
from .histogram import WIDTH, at_rank
from .tests import incomplete, selector

MEASURED = "measure:"
"""How the source of samples begins that the fixture `measure` took."""
_FEWEST = 5
_SURE = 0.95
_DEVIATIONS = 1.645**2
"""Of the normal distribution, at 95 %, squared."""
_TIMED = ("latency", "throughput")
_STATISTICS = ("mean", "median", "min", "max", "percentiles")


def probe(check: Check, around: Surroundings) -> Measurement:
    values: list[Value] = []
    evidence: list[str] = []
    for subject in check.subject or ("",):
        gap = incomplete(subject, around)
        if gap:
            return absence(*gap)
        chosen = select(subject, around.run)
        if not chosen:
            return _nothing(subject, around.run)
        for ref, samples in chosen:
            result = around.run.results.get(ref.nodeid)
            if result is not None and result.outcome in ("failed", "error"):
                return absence(
                    f"{ref.nodeid} {result.outcome}, its samples do not count",
                    f'pytest "{ref.nodeid}"',
                )
            value = _value(check, samples)
            if isinstance(value, str):
                return absence(f"{ref.nodeid}: {value}", _more_samples(check, samples))
            values.append(_with_bounds(check, samples, Value(ref.nodeid, value)))
            evidence.append(f"{ref.nodeid}: {samples.count} samples, {samples.source}")
            later = around.run.again.get(ref.nodeid)
            if later is not None:
                evidence.append(f"{ref.nodeid}: measured again, {later.count} samples")
    second = [_second(check, value.subject, around.run) for value in values]
    again = f'pytest "{values[0].subject}"'
    if not any(f"samples, {MEASURED}" in line for line in evidence):
        again += " shows the whole distribution"
    wanted = [samples_that_decide(check, around.run.samples[v.subject]) for v in values]
    if is_percentile(check) and max(wanted) > 0:
        again += f"; about {max(wanted):,} samples would decide"
    return Measurement(
        tuple(values),
        evidence=tuple(evidence),
        next_step=again,
        again=tuple(value for value in second if value is not None),
    )


def _second(check: Check, nodeid: str, run: RunEvidence) -> Value | None:
    """The value of the samples that were taken again, if there are."""
    samples = run.again.get(nodeid)
    value = "" if samples is None else _value(check, samples)
    if samples is None or isinstance(value, str):
        return None
    return _with_bounds(check, samples, Value(nodeid, value))


def _with_bounds(check: Check, samples: Samples, value: Value) -> Value:
    """The value with the number of samples and, for a percentile, its bounds."""
    value = replace(value, samples=samples.count)
    if not is_percentile(check) or not isinstance(value.value, float | Fraction):
        return value
    low, high = _bounds(check, samples)
    return replace(value, low=low, high=high)


def _bounds(check: Check, samples: Samples) -> tuple[float, float | None]:
    """What the percentile is above of, and below of (None where no sample says)."""
    low, high = ranks(samples.count + samples.lost, _share(check))
    above = _at(samples, min(low, samples.count)) if low else 0.0
    if samples.counts:
        above /= 1 + WIDTH
    return above, _at(samples, high) if high <= samples.count else None


def _at(samples: Samples, rank: int) -> float:
    """The round of a rank (from 1), by size."""
    if samples.counts:
        return at_rank(samples.rounds, samples.counts, rank)
    return sorted(samples.rounds)[rank - 1]


def is_percentile(check: Check) -> bool:
    return check.metric == "latency" and (check.statistic or "").startswith("p")


def _share(check: Check) -> Fraction:
    assert check.statistic is not None
    return Fraction(check.statistic[1:]) / 100


@lru_cache(maxsize=256)
def ranks(count: int, share: Fraction) -> tuple[int, int]:
    """Of so many samples in order: the rank that is not above the quantile, and the one that is
    not below it, each with 95 % certainty; 0, and the last one, where no rank is.

    So many of the samples as lie below the quantile are binomially distributed: W. J. Conover,
    Practical Nonparametric Statistics, 3rd edition, 1999, section 3.2.
    """
    below, p = 0.0, float(share)
    low, high = 0, count
    # Twelve standard deviations below the mean there is next to no chance.
    first = max(0, int(count * p - 12 * math.sqrt(count * p * (1 - p)) - 1)) if 0 < p < 1 else 0
    for number in range(first, count + 1):  # the chance that so many, or fewer, lie below it
        before = below
        below += _chance(count, number, p)
        if 1 - before >= _SURE:
            low = number
        if below >= _SURE:
            high = min(count, number + 1)
            break
    return low, high


def _chance(count: int, number: int, p: float) -> float:
    """Of exactly `number` successes in `count` trials."""
    if p <= 0 or p >= 1:
        return float(number == (count if p >= 1 else 0))
    log_of_ways = math.lgamma(count + 1) - math.lgamma(number + 1) - math.lgamma(count - number + 1)
    return math.exp(log_of_ways + number * math.log(p) + (count - number) * math.log1p(-p))


def samples_that_decide(check: Check, samples: Samples) -> int:
    """About how many samples would show on which side of its limit a percentile is; 0 where
    these do already, or no number would."""
    limit = check.quantity.value
    if not is_percentile(check) or not isinstance(limit, Fraction) or not samples.rounds:
        return 0
    low, high = _bounds(check, samples)
    if low > limit or (high is not None and high < limit):
        return 0
    count, allowed = samples.count + samples.lost, 1 - float(_share(check))
    counts = samples.counts or (1,) * len(samples.rounds)
    above = sum(n for x, n in zip(samples.rounds, counts, strict=True) if x > limit)
    over = (samples.lost + above) / count
    apart = max(abs(over - allowed), 1 / count, allowed / 50)
    return max(2 * count, math.ceil(_DEVIATIONS * allowed * (1 - allowed) / apart**2))


def may_be_disturbed(check: Check) -> bool:
    """Whether a miss can be the work of another program: then it is measured again. A maximum
    that was exceeded has been exceeded."""
    return check.kind == check.metric and check.kind in _TIMED and check.statistic != "max"


def select(subject: str, run: RunEvidence) -> list[tuple[TestRef, Samples]]:
    matches = selector(subject)
    found = []
    for nodeid, samples in run.samples.items():
        result = run.results.get(nodeid)
        ref = result.ref if result is not None else TestRef(nodeid)
        if matches(ref) and samples.rounds:
            found.append((ref, samples))
    return sorted(found, key=lambda pair: pair[0].nodeid)


def fewest_samples(statistic: str | None) -> int:
    """How many samples the statistic needs before it can be judged."""
    if statistic is None or not statistic.startswith("p"):
        return _FEWEST
    share = float(statistic[1:]) / 100
    return max(_FEWEST, math.ceil(math.log(0.05) / math.log(share))) if share else _FEWEST


def _nothing(subject: str, run: RunEvidence) -> Measurement:
    matches = selector(subject)
    named = subject or "the run"
    tests = [r for r in run.results.values() if matches(r.ref) and r.ref.is_benchmark]
    if not tests:
        return absence(
            f"no benchmark matches {named}",
            "write a test that uses the `benchmark` fixture or `measure`, or correct `of:`",
        )
    outcome = tests[0].outcome
    why = run.samples_reason or f"it gave no samples ({outcome})"
    return absence(f"no benchmark of {named} was measured: {tests[0].ref.nodeid}: {why}")


def _value(check: Check, samples: Samples) -> Fraction | float | str:
    """The value of the check's statistic, or the sentence that says why there is none."""
    rounds, count = samples.rounds, samples.count
    if check.metric == "samples":
        return Fraction(count)
    if any(not math.isfinite(x) or x < 0 for x in rounds):
        return math.nan
    fewest = fewest_samples(check.statistic)
    if count < fewest:
        return f"{count} samples, {check.statistic} needs at least {fewest}"
    times = zip(rounds, samples.counts or (1,) * count, strict=True)
    total = sum((Fraction(x) * n for x, n in times), Fraction(0))
    if check.metric == "throughput":
        per_call = Fraction(str(check.options.get("per_call", 1)))
        seconds = Fraction(samples.seconds) or total
        return per_call * count / seconds if seconds else math.nan
    statistic = check.statistic or "mean"
    if samples.lost and (statistic in ("mean", "max") or _is_lost(statistic, samples)):
        every = count + samples.lost
        return f"{samples.lost} of {every} calls failed or were not made, {statistic} is of all"
    if statistic == "mean":
        return total / count
    if samples.iterations > 1 and statistic != "median":
        return (
            f"each sample is the mean of {samples.iterations} calls, "
            f"which hides what {statistic} asks for"
        )
    if statistic in ("min", "max"):
        return min(rounds) if statistic == "min" else max(rounds)
    return _at(samples, _rank(statistic, samples))


def _rank(statistic: str, samples: Samples) -> int:
    """The nearest rank of a percentile among all calls, those that are lost being the last."""
    share = Fraction(1, 2) if statistic == "median" else Fraction(statistic[1:]) / 100
    return max(1, math.ceil(share * (samples.count + samples.lost)))


def _is_lost(statistic: str, samples: Samples) -> bool:
    return statistic != "min" and _rank(statistic, samples) > samples.count


def _more_samples(check: Check, samples: Samples) -> str:
    if samples.lost:
        return "let the calls succeed, or ask for less at a time: see `.first_error` and `.dropped`"
    fewest = fewest_samples(check.statistic)
    if samples.source.startswith(MEASURED):
        return f"measure(..., samples={fewest})"
    return f"benchmark.pedantic(..., rounds={fewest}, iterations=1), or benchmark(...) alone"


def _kind(
    name: str, summary: str, metric: Metric, example: str, extra: dict[str, dict[str, object]]
) -> Kind:
    run: Callable[[Check, Surroundings], Measurement] = probe
    return Kind(
        name=name,
        summary=summary,
        value={"type": "string"},
        metrics=(metric, Metric("samples", "count", (">=", ">"))),
        probe=run,
        needs="run",
        words={"measured": "samples >= 1"},
        keys=extra,
        example=example,
    )


LATENCY = _kind(
    "latency",
    "How long one call of a benchmark takes.",
    Metric(
        "latency",
        "time",
        ("<", "<="),
        words=("time", "duration"),
        statistics=_STATISTICS,
        default_statistic="p95",
    ),
    "`latency: p95 < 500 ms` with `of: tests/perf/test_x.py::test_analyze`",
    {},
)
THROUGHPUT = _kind(
    "throughput",
    "How many calls of a benchmark (times `per_call` things each) are done in a time.",
    Metric(
        "throughput",
        "rate",
        (">", ">="),
        words=("rate",),
        statistics=("mean",),
        default_statistic="mean",
    ),
    '`throughput: ">= 100/min"` with `of: tests/perf/test_x.py::test_batch`',
    {"per_call": {"type": "number"}},
)
