"""Rules on data and on benchmarks: SodaCL, Great Expectations, github-action-benchmark.

https://docs.soda.io/soda-cl-overview and
https://github.com/benchmark-action/github-action-benchmark.
"""

from __future__ import annotations

import re
from fractions import Fraction

from ...model import Meaning, Threshold
from ..units import TIMES
from . import limits
from .limits import NUMBER

_SODA = re.compile(
    r"\s*(?:-\s*)?(?P<metric>[a-z_]+)\s*(?:\((?P<of>[^()]*)\))?\s*"
    rf"(?:(?P<op><=|>=|!=|=|<|>)\s*(?P<number>{NUMBER})\s*(?P<unit>%|[a-z]*)"
    rf"|between\s+(?P<low>{NUMBER})\s*%?\s+and\s+(?P<high>{NUMBER})\s*(?P<both>%?))\s*:?\s*"
)
_FRESH = {"d": "d", "h": "h", "m": "min"}


def read_soda(name: str, text: str) -> Meaning:
    """One check of SodaCL: `missing_count(birthday) = 0`, `freshness(day) < 3d`."""
    match = _SODA.fullmatch(text)
    if match is None:
        return limits.refused("the check states no fixed limit", "schema")
    metric, unit, factor = "count", "count", Fraction(1)
    if match["metric"].endswith("_percent") or match["unit"] == "%" or match["both"]:
        metric, unit = "ratio", "%"
    elif match["metric"] == "freshness":
        known = _FRESH.get(match["unit"] or "")
        if known is None:
            return limits.refused("freshness needs a time in d, h or m")
        metric, unit, factor = "latency", "s", TIMES[known].factor
    elif match["unit"]:
        return limits.refused(f'the unit "{match["unit"]}" is not known')
    conditions = (match["of"].strip(),) if match["of"] else ()
    pairs = [(match["op"], "number")] if match["op"] else [(">=", "low"), ("<=", "high")]
    found = []
    for written, group in pairs:
        op, value = limits.operator(written), limits.number(match[group])
        if not op or value is None:
            return limits.refused(f"`{written}` sets no limit")
        found.append(
            Threshold(metric, op, value * factor, unit, None, *match.span(group), conditions)
        )
    return limits.read(*found)


_BOUND = re.compile(rf"\b(?P<key>min_value|max_value)[\"']?\s*[:=]\s*(?P<number>{NUMBER})")
_MOSTLY = re.compile(rf"\bmostly[\"']?\s*[:=]\s*(?P<number>{NUMBER})")


def read_expectation(name: str, text: str) -> Meaning:
    """An expectation of Great Expectations: a rule on the data; a limit only where it counts
    rows or states `mostly`."""
    mostly = _MOSTLY.search(text)
    share = limits.number(mostly["number"]) if mostly else None
    if mostly and share is not None:
        return limits.read(Threshold("ratio", ">=", share, "score", None, *mostly.span("number")))
    if "row_count_to_be_between" in text or "column_count_to_be_between" in text:
        found = [
            Threshold(
                "count",
                ">=" if match["key"] == "min_value" else "<=",
                value,
                "count",
                None,
                *match.span("number"),
            )
            for match in _BOUND.finditer(text)
            if (value := limits.number(match["number"])) is not None
        ]
        return limits.read(*found, reason="it states no limit", kind="schema")
    return limits.refused("a rule on each value of the data, not a limit", "schema")


_PERCENT = re.compile(rf"[\s\"']*(?P<number>{NUMBER})\s*%[\s\"']*")


def read_benchmark_action(name: str, text: str) -> Meaning:
    """`alert-threshold` and `fail-threshold`: how many per cent of the last result are let
    through; 200% is twice as slow."""
    match = _PERCENT.fullmatch(text)
    value = limits.number(match["number"]) if match else None
    if match is None or value is None:
        return limits.refused("the threshold is not written as a percentage")
    return limits.read(Threshold("delta", "<=", value - 100, "%", None, *match.span("number")))
