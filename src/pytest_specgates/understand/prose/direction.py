"""Which way a limit points: its operator, turned where the sentence names the violation."""

from __future__ import annotations

from . import metrics
from .metrics import Metric
from .operators import NEGATORS, TURNED
from .part import Part
from .patterns import words
from .polarity import Polarity
from .roles import CAPABLE, LOAD, TARGET

_JOINTS = words("and or but then while where if when whenever once unless until , ; :")
_UPPER = words("max maximum complexity duplication length limit")
_PREPOSITIONS = words("with for on after from during across when in at")
_SPARE = words("left free available remaining headroom spare")
_PLAIN = (">=", "<=", "==")
_SURE = words("least most than maximum minimum max min exceed exceeds within ≥ ≤ >= <=")
_ASKS = words(
    "must should shall need needs will can has have contain contains include includes require "
    "requires at stay stays remain remains is are be"
)

WRONG_SIDE = "a limit from the wrong side"
NOT_SURE = "the direction is not sure"


class UnsureError(Exception):
    """Nobody can say which way the limit points; the sentence says why."""


def operator_of(part: Part, metric: Metric, polarity: Polarity) -> str:
    """The operator that is required. Raises UnsureError, with the reason."""
    good = _good(part, metric)
    if not part.op:
        return _bare(part, metric, good)
    op = part.op if polarity == "asked" else _after_negation(part)
    if part.op_words[-2:] == ["up", "to"] and (
        metric is metrics.THROUGHPUT or (set(part.words(part.near[:6])) & CAPABLE and good >= 0)
    ):
        return ">="  # `supports up to 500 users`: what it can do
    compared = {*part.op_words, *part.lows[part.amount.last : part.last]}
    if good and not compared.isdisjoint(("better", "worse")) and not polarity:
        strict = (
            "<" if "no" not in compared and "not" not in compared and "or" not in compared else "<="
        )
        return strict.replace("<", ">") if good > 0 else strict
    if metric is metrics.CAPACITY:
        good = 0  # so many users at least, if nothing else is said
    if op == "==":
        return op
    if metric.name == "delta" and polarity == "refused" and op in (">", ">="):
        return TURNED[op]
    if not good:
        return _neutral(part, metric, op, polarity)
    if (op in ("<", "<=")) == (good < 0):
        if polarity == "refused":
            raise UnsureError(f"{NOT_SURE}: a violation that reads like the requirement")
        return op
    if polarity in ("refused", "weak"):
        return TURNED[op]
    raise UnsureError(f"{WRONG_SIDE} for {metric.name}, and no violation is named")


def _neutral(part: Part, metric: Metric, op: str, polarity: Polarity) -> str:
    """The operator of a metric of which neither more nor less is better by itself."""
    if polarity == "refused":
        return TURNED[op]
    if polarity == "weak":
        raise UnsureError(f"{NOT_SURE}: a violation is spoken of")
    heading = {token.low for token in part.heading.tokens}
    if (op in (">", ">=") and heading & {"max", "maximum"}) or (
        op in ("<", "<=") and heading & {"min", "minimum"}
    ):
        raise UnsureError(f"{NOT_SURE}: its heading points the other way")
    is_worded = not {"<", ">"} & set(part.op_words)
    if polarity != "asked" and op in (">", "<") and is_worded and not _is_asked(part):
        raise UnsureError(f"{NOT_SURE}: nothing says whether it is asked for")
    return op


def _is_asked(part: Part) -> bool:
    """Whether anything but the comparison itself says that it is a requirement."""
    before = part.words(part.near)
    return bool(
        "targets" in part.heading.signs
        or part.statement.label
        or part.statement.is_keyed
        or part.statement.is_cell
        or not TARGET.isdisjoint(before)
        or not CAPABLE.isdisjoint(before)
        or not _ASKS.isdisjoint(before)
    )


def _after_negation(part: Part) -> str:
    """The operator, turned by a `no` or `never` before it that is not part of it."""
    op, op_words = part.op, part.op_words
    if not {"no", "not", "nor"}.isdisjoint(op_words):
        return op
    between: list[str] = []
    for n, at in enumerate(part.near):
        low = part.lows[at]
        if low in _JOINTS:
            return op
        if low in NEGATORS and (n <= 6 or not at):  # far away only a `no` at the very start
            is_postfix = part.last > part.amount.last and not op_words
            if op == "==" or op_words[-1:] == ["within"] or is_postfix:
                raise UnsureError("a negation that cannot be read for sure")
            if _is_of_load(part, between):
                raise UnsureError(LOAD)
            return TURNED[op]
        between.append(low)
    return op


def _is_of_load(part: Part, between: list[str]) -> bool:
    """`no errors with at least 500 users`: the `no` is of the errors, the number a load."""
    if part.amount.dimension not in ("count", "bytes", "rate"):
        return False
    if part.op_words[-1:] and part.op_words[-1].startswith(("exceed", "surpass")):
        return False  # a verb of its own, whose subject is what the `no` is of
    at = next((n for n, low in enumerate(between) if low in _PREPOSITIONS), None)
    return at is not None and at < len(between) - 1


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
        if good < 0 and part.heading.words & {"min", "minimum"}:
            raise UnsureError(f"{NOT_SURE}: its heading points the other way")
        return ">=" if good > 0 else "<="
    if value == 0:
        return "=="
    if metric.name in ("ratio", "count"):
        return ">="
    raise UnsureError("nothing says which direction is the good one")


def _good(part: Part, metric: Metric) -> int:
    """Which direction is the good one: what is kept or left over is better if it is more."""
    around = {*part.words(part.near), *part.words(part.right), *part.names}
    is_kept = any(metrics.TIMES.get((low,)) is metrics.RETENTION for low in around)
    if metric is metrics.LATENCY and part.op in (">", ">=") and is_kept:
        return 1
    if metric.name in ("memory", "cpu", "size", "ratio") and not _SPARE.isdisjoint(around):
        return 1
    return metric.good
