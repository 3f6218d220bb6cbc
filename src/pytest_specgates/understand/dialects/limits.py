"""A number of another tool -> a threshold in canonical units, or the reason of a refusal."""

from __future__ import annotations

import re
from fractions import Fraction

from ...model import Meaning, Threshold, exact
from ..units import TIMES, Unit
from .names import Hint

NUMBER = r"[-+]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,2})?"
"""A number as JSON, YAML, JavaScript and PromQL write it."""
OPERATORS = r"<=|>=|===|==|!==|!=|<|>|="
NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_SAME = {"=": "==", "===": "=="}
MILLISECONDS = TIMES["ms"]
SECONDS = TIMES["s"]
ZERO = Fraction(0)
LONGEST = 4000
"""A longer criterion is refused: nobody writes one, and nobody could review it."""
_KIND = {
    "cpu": "ratio",
    "score": "accuracy",
    "cost": "count",
    "other": "count",
    "delta": "regression",
}
_SHARES = frozenset(("error_rate", "ratio", "availability", "accuracy", "cpu"))


def number(text: str) -> Fraction | None:
    return exact(text.strip().replace("_", ""))


def operator(written: str) -> str:
    """The operator in the spelling of thresholds; "" for `!=`, which limits nothing."""
    return _SAME.get(written, "" if written.startswith("!") else written)


def read(*thresholds: Threshold, note: str = "", reason: str = "", kind: str = "vague") -> Meaning:
    """The meaning of the thresholds found, with a note on what was assumed; refused if none."""
    if not thresholds:
        return refused(reason, kind)
    metric = thresholds[0].metric
    return Meaning(_KIND.get(metric, metric), thresholds, note)


def refused(reason: str, kind: str = "vague") -> Meaning:
    """No thresholds, and why. It stays a criterion that nothing measures."""
    return Meaning(kind, (), reason)


def no_gate(reason: str) -> Meaning:
    """What the tool itself never judges."""
    return Meaning("not_a_criterion", (), reason)


def limit(
    hint: Hint,
    op: str,
    value: Fraction,
    *,
    percent: bool = False,
    default: Unit = MILLISECONDS,
    otherwise: str = "count",
    statistic: str | None = None,
    span: tuple[int, int] = (0, 0),
    conditions: tuple[str, ...] = (),
) -> Threshold:
    """The threshold that a bare number states of what the name hints at.

    `default` is the unit of a time whose name has none; `otherwise` the metric where the
    name says nothing; `percent` whether a `%` stands behind the number.
    """
    metric = hint.metric or otherwise
    unit = "count"
    if percent or (hint.is_percent and metric in _SHARES):
        unit = "%"
        metric = metric if metric in (*_SHARES, "coverage", "delta") else "ratio"
    elif metric in _SHARES:
        unit = "score" if abs(value) <= 1 else "%"
    elif metric == "latency":
        timed = hint.unit if hint.unit and hint.unit.dimension == "time" else default
        value, unit = value * timed.factor, "s"
    elif metric in ("memory", "size"):
        given = hint.unit if hint.unit and hint.unit.dimension == "bytes" else None
        value, unit = value * (given.factor if given else 1), "B"
    elif metric == "throughput":
        unit = "1/s"
    elif metric == "cost":
        unit = "usd"
    elif metric == "score":
        unit = "score"
    return Threshold(
        metric, op, value, unit, statistic or hint.statistic, span[0], span[1], conditions
    )


def field(text: str, name: str) -> tuple[str, int, int] | None:
    """The value behind `name:` or `name=` in a text like `op: lt, value: 500`, and its place.

    Quotes around the name and the value do not count.
    """
    match = re.search(
        rf"(?<![\w.-])[\"']?{re.escape(name)}[\"']?\s*[:=]\s*"
        r"(?:\"(?P<d>[^\"]*)\"|'(?P<s>[^']*)'|(?P<p>[^\s,;\"'{}\[\]#]+))",
        text,
    )
    if match is None:
        return None
    group = next(name for name in "dsp" if match[name] is not None)
    return match[group].strip(), match.start(group), match.end(group)
