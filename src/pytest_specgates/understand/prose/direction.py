"""Which way a limit points: its operator, turned where the sentence names the violation."""

from __future__ import annotations

from . import metrics
from .metrics import Metric
from .operators import NEGATORS, TURNED
from .part import Part
from .patterns import words
from .roles import CAPABLE
from .violations import Violation

_JOINTS = words("and or but then while , ; :")
_UPPER = words("max maximum complexity duplication length limit")


WRONG_SIDE = "a limit from the wrong side"


class UnsureError(Exception):
    """Nobody can say which way the limit points; the sentence says why."""


def operator_of(part: Part, metric: Metric, violation: Violation) -> str:
    """The operator that is required. Raises UnsureError, with the reason."""
    good = _good(part, metric)
    if not part.op:
        return _bare(part, metric, good)
    op = _after_negation(part)
    if part.op_words[-2:] == ["up", "to"] and (
        metric is metrics.THROUGHPUT or (set(part.words(part.near[:6])) & CAPABLE and good >= 0)
    ):
        return ">="  # `supports up to 500 users`: what it can do
    if metric is metrics.CAPACITY:
        good = 0  # so many users at least, if nothing else is said
    upper = op in ("<", "<=")
    if op == "==":
        return op
    if metric.name == "delta" and violation == "strong" and op in (">", ">="):
        return TURNED[op]
    if not good:
        if violation == "strong":
            return TURNED[op]
        if violation == "weak":
            raise UnsureError("a violation is spoken of: the direction is not sure")
        return op
    if upper == (good < 0):
        if violation == "strong":
            raise UnsureError("a violation that reads like the requirement")
        return op
    if violation:
        return TURNED[op]
    raise UnsureError(f"{WRONG_SIDE} for {metric.name}, and no violation is named")


def _after_negation(part: Part) -> str:
    """The operator, turned by a `no` or `never` before it that is not part of it."""
    op, words = part.op, part.op_words
    if {"no", "not", "nor"} & set(words):
        return op
    for n, at in enumerate(part.near):
        low = part.lows[at]
        if n > 6 and at:
            continue  # further away only a `no` at the very start governs
        if low in _JOINTS:
            return op
        if low in NEGATORS:
            is_postfix = part.last > part.amount.last and not words
            if op == "==" or words[-1:] == ["within"] or is_postfix:
                raise UnsureError("a negation that cannot be read for sure")
            return TURNED[op]
    return op


def _bare(part: Part, metric: Metric, good: int) -> str:
    value = part.amount.value
    if metric.name == "count" and set(part.words(part.near[:6])) & CAPABLE:
        return ">="
    if metric.name == "delta":
        return ">=" if good >= 0 else "<="
    if part.names & {"min", "minimum"} and good >= 0:
        return ">="
    if part.names & {"max", "maximum"} and good <= 0:
        return "<="
    names = part.names | {token.low for token in part.heading.tokens}
    if value == 0 and metric.name in ("count", "ratio", "error_rate"):
        return "=="
    if names & _UPPER and good >= 0 and metric.name in ("count", "ratio", "score"):
        return "<="
    if good:
        return ">=" if good > 0 else "<="
    if value == 0:
        return "=="
    if metric.name in ("ratio", "count"):
        return ">="
    raise UnsureError("nothing says which direction is the good one")


def _good(part: Part, metric: Metric) -> int:
    """Where a time is limited from below: what is kept that long is a retention."""
    if metric is metrics.LATENCY and part.op in (">", ">="):
        around = [part.tokens[at] for at in (*part.near, *part.right)]
        for token in (*around, *part.statement.label, *part.statement.key):
            if metrics.TIMES.get((token.low,)) is metrics.RETENTION:
                return 1
    return metric.good
