"""Lighthouse CI assertions, Lighthouse budgets, and size-limit.

https://github.com/GoogleChrome/lighthouse-ci/blob/main/docs/configuration.md and
https://github.com/GoogleChrome/lighthouse/blob/main/docs/performance-budgets.md: scores
are from 0 to 1, times in milliseconds, sizes of budgets in KiB.
"""

from __future__ import annotations

import re
from fractions import Fraction

from ...model import Meaning, Threshold
from ..units import BYTES, TIMES
from . import limits
from .limits import NUMBER
from .names import Hint

_OPTION = re.compile(
    rf"\b(?P<key>minScore|maxNumericValue|minNumericValue|maxLength|minLength)[\"']?\s*:\s*"
    rf"(?P<number>{NUMBER})"
)
_UNREADABLE = re.compile(
    r"\b(?P<key>minScore|max(?:NumericValue|Length)|min(?:NumericValue|Length))[\"']?\s*:"
)
_PLAIN = re.compile(
    rf"[\s\"']*(?:(?:budget|limit)[\"']?\s*:\s*[\"']?)?(?P<number>{NUMBER})\s*"
    r"(?P<unit>[^\W\d]*)[\s\"']*"
)
_SIZES = re.compile(r"resource-summary:[\w-]+:size|total-byte-weight|byte|-size$")
_SCORES = frozenset(("cumulative-layout-shift",))
_COUNTS = re.compile(r"resource-summary:[\w-]+:count|dom-size")


def read_assertion(name: str, text: str) -> Meaning:
    """`name` is the audit or category, `text` its assertion: `["error", {minScore: 0.9}]`."""
    if name.endswith("preset"):
        return limits.refused("a preset stands for many assertions, which are not written out")
    level = re.match(r"[\s\[\"']*(off|warn|error)\b", text)
    found = [
        _threshold(name, match, value)
        for match in _OPTION.finditer(text)
        if (value := limits.number(match["number"])) is not None
    ]
    if len(found) != len(_UNREADABLE.findall(text)):
        return limits.refused("a limit is not written out as a number")
    if level and level[1] == "off":
        return limits.no_gate("the assertion is switched off")
    if not found:
        if level is None:
            return limits.refused("the assertion states no limit")
        # Without an option an audit has to be passed: its score has to be 1 or, for some,
        # over a limit that Lighthouse itself sets.
        return limits.refused("the audit has to pass; Lighthouse itself says when", "test_outcome")
    note = ""
    if any(t.op == ">=" and t.value == 0 for t in found):
        note = "vacuous: no score is below 0"
    elif level and level[1] == "warn":
        note = "a warning: missing it does not fail"
    return limits.read(*found, note=note)


def _threshold(name: str, match: re.Match[str], value: Fraction) -> Threshold:
    key = match["key"]
    op = ">=" if key.startswith("min") else "<="
    span = match.span()
    audit = name.rpartition("assertions.")[2]
    if key == "minScore":
        return Threshold("score", op, value, "score", None, *span)
    if key.endswith("Length") or _COUNTS.search(audit):
        return Threshold("count", op, value, "count", None, *span)
    if _SIZES.search(audit):
        return Threshold("size", op, value, "B", None, *span)
    if audit in _SCORES:
        return Threshold("score", op, value, "score", None, *span)
    return Threshold("latency", op, value * TIMES["ms"].factor, "s", None, *span)


def read_budget(name: str, text: str) -> Meaning:
    """`name` is like `/*.resourceSizes[script]`, `text` the number of its budget."""
    match = _PLAIN.fullmatch(text)
    value = limits.number(match["number"]) if match else None
    if match is None or value is None:
        return limits.refused("the budget is not written out as a number")
    span = match.span("number")
    if "resourceSizes" in name:
        size = value * BYTES["kib"].factor
        return limits.read(Threshold("size", "<=", size, "B", None, *span))
    if "resourceCounts" in name:
        return limits.read(Threshold("count", "<=", value, "count", None, *span))
    if "timings" not in name:
        return limits.refused("it is none of resourceSizes, resourceCounts and timings")
    if "cumulative-layout-shift" in name:
        return limits.read(Threshold("score", "<=", value, "score", None, *span))
    return limits.read(limits.limit(Hint("latency"), "<=", value, span=span))


def read_size_limit(name: str, text: str) -> Meaning:
    """A limit of size-limit: `10 kB`, or a time to load and run (`500 ms`)."""
    match = _PLAIN.fullmatch(text)
    value = limits.number(match["number"]) if match else None
    if match is None or value is None:
        return limits.refused("the limit is not written out as a number with a unit")
    unit = match["unit"]
    if not unit:
        return limits.refused("the unit of the limit is not stated")
    known = BYTES.get(unit.lower()) or TIMES.get(unit)
    if known is None:
        return limits.refused(f'the unit "{unit}" is neither of a size nor of a time')
    metric = "size" if known.dimension == "bytes" else "latency"
    return limits.read(
        Threshold(metric, "<=", value * known.factor, known.name, None, *match.span("number"))
    )
