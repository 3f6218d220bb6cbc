"""What the name of a metric says: what it measures, in which unit, with which statistic.

Other tools state most limits as a bare number; the name beside it is all that says what the
number is (`ws_message_latency`, `heap_rss_bytes`, `response_time_p95`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ..units import BYTES, TIMES, Unit

_LONGEST = 2000
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PERCENTILE = re.compile(
    r"(?<![a-z0-9])(?:p|pct|percentile)[_-]?(\d{2,4}|\d{2}[._]\d{1,3})(?![0-9a-z])"
)
_NTH = re.compile(r"(?<![a-z0-9.])(\d{2}(?:\.\d{1,3})?)(?:th|st|nd|rd)?[_ -]?percentile")
_STATISTICS = {
    "avg": "mean",
    "average": "mean",
    "mean": "mean",
    "med": "p50",
    "median": "p50",
    "max": "max",
    "maximum": "max",
    "min": "min",
    "minimum": "min",
}
_METRICS: tuple[tuple[str, str], ...] = (
    ("error_rate", "error errors err errs failed failure failures fail fails 5xx dropped drops"),
    ("availability", "availability available uptime up"),
    ("memory", "memory mem heap rss alloc allocated"),
    ("cpu", "cpu"),
    (
        "latency",
        "latency latencies duration durations time times rtt rt elapsed delay wait waiting "
        "blocked ttfb ttfp lcp fcp inp fid tti tbt fmp paint freshness lag jitter timing rto rpo",
    ),
    ("throughput", "throughput rps qps tps"),
    ("cost", "cost costs usd spend"),
    ("ratio", "success successes successful rate ratio share hit hits percent percentage pct"),
    ("size", "size bytes"),
    ("accuracy", "accuracy precision recall f1"),
    ("score", "score cls"),
)
_OF_WORD = {word: metric for metric, words in _METRICS for word in words.split()}
_RANK = {metric: rank for rank, (metric, _) in enumerate(_METRICS)}
# `m`, `d` and `b` are too short to be units within a name.
_UNITS = {
    word: unit
    for word, unit in {**TIMES, **BYTES}.items()
    if len(word) > 1 and word not in ("mo", "ki", "mi", "gi", "ti", "sec", "yr", "hr")
} | {"sec": TIMES["s"], "millis": TIMES["ms"], "micros": TIMES["us"], "nanos": TIMES["ns"]}


@dataclass(frozen=True, slots=True)
class Hint:
    """What a name says; an empty metric, no unit or no statistic where it does not."""

    metric: str = ""
    unit: Unit | None = None
    statistic: str | None = None
    is_percent: bool = False


@lru_cache(maxsize=256)
def hint(name: str) -> Hint:
    """What a name says; of a name longer than 2,000 characters the beginning is read."""
    name = name[:_LONGEST]
    words = [word.lower() for word in _WORD.findall(name)]
    found = [_OF_WORD[word] for word in words if word in _OF_WORD]
    metric = min(found, key=_RANK.__getitem__, default="")
    units = [_UNITS[word] for word in words if word in _UNITS]
    if not metric and units:
        metric = "latency" if units[-1].dimension == "time" else "size"
    if metric == "ratio" and "throughput" in found:
        metric = "throughput"
    return Hint(
        metric,
        units[-1] if units else None,
        statistic_in(name, words),
        bool({"percent", "pct", "percentage"} & set(words)),
    )


def statistic_in(name: str, words: list[str]) -> str | None:
    """The statistic that a name states: `p95`, `mean`, `max` ..., or None."""
    low = name.lower()
    match = _PERCENTILE.search(low)
    if match:
        return percentile(match[1])
    nth = _NTH.search(low)
    if nth:
        return percentile(nth[1])
    return next((_STATISTICS[word] for word in words if word in _STATISTICS), None)


def percentile(digits: str) -> str:
    """`95` -> `p95`, `999` and `99_9` -> `p99.9`, `99.90` -> `p99.9`."""
    digits = digits.replace("_", ".")
    if "." not in digits and len(digits) > 2 and digits != "100":
        digits = f"{digits[:2]}.{digits[2:]}"
    whole, _, rest = digits.partition(".")
    rest = rest.rstrip("0")
    return f"p{int(whole)}.{rest}" if rest else f"p{int(whole)}"
