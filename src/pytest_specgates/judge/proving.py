"""Whether checks can fail, and can pass: made values, judged by the one comparison."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from ..model import Check, Measurement, Possible, Quantity, Reach, Reading, Value
from .compare import compare, holds, misses

Made = Fraction | str | bool


def reach(checks: Sequence[tuple[Check, Possible]]) -> Reach:
    """Whether each of the checks can fail, and whether those of one metric can pass together,
    by what they can be measured with."""
    found: list[Made] = []
    cannot_fail = cannot_pass = ""
    for check, possible in checks:
        failing = failing_value(check, possible)
        if failing is None:
            limit = f"{check.op} {check.quantity.written}"
            cannot_fail = cannot_fail or possible.why or f"{limit} is true of every value"
        else:
            found.append(failing)
        together = [other for other, _ in checks if _what(other) == _what(check)]
        if passing_value(together, possible) is None:
            cannot_pass = cannot_pass or possible.why or "no value can meet it"
    return Reach(tuple(found), cannot_fail, cannot_pass)


def reach_of_prose(reading: Reading) -> Reach:
    """The same of the limits that a text states, though no probe measures them."""
    cannot_fail = cannot_pass = ""
    for limit in reading.meaning.thresholds if reading.meaning is not None else ():
        # A change can be negative: `growth >= 0%` fails where something shrinks.
        if limit.metric != "delta":
            quantity = Quantity(limit.value, limit.unit, "")
            possible = Possible(highest=Fraction(100) if limit.unit == "%" else None)
            found = reach([(Check("prose", limit.metric, limit.op, quantity), possible)])
            cannot_fail = cannot_fail or (found.cannot_fail and "no value can fail it")
            cannot_pass = cannot_pass or found.cannot_pass
    return Reach((), cannot_fail, cannot_pass)


def usual(check: Check) -> Possible:
    """What a check can be measured with by its metric and unit."""
    unit = check.quantity.unit
    if check.is_named_freely or check.metric == "value":
        return Possible(lowest=None)
    if check.metric == "exit":
        # A signal that ended it is a negative number, where there are signals.
        low, high = (-64, 255) if os.name == "posix" else (0, 2**32 - 1)
        return Possible(Fraction(low), Fraction(high), is_whole=True)
    if unit == "%":
        return (
            Possible(lowest=Fraction(-100), highest=None)
            if check.against
            else Possible(highest=Fraction(100))
        )
    if unit == "pp":
        return Possible(Fraction(-100), Fraction(100))
    if check.against:
        return Possible(lowest=None, is_whole=True)
    return Possible(is_whole=unit in ("count", "B"), is_open=unit == "1/s")


def failing_value(check: Check, possible: Possible) -> Made | None:
    """A value that can be measured and that fails the check; None where there is none."""
    return next((v for v in _values([check], possible) if misses(made(v, check), check)), None)


def passing_value(checks: Sequence[Check], possible: Possible) -> Made | None:
    """A value that can be measured and that passes all of the checks of one metric."""
    values = _values(checks, possible)
    return next((v for v in values if all(holds(made(v, c), c) for c in checks)), None)


def made(value: Made, check: Check) -> Value:
    """A value as if it was measured: of as many things as it counts. For a check against the
    base it is a difference."""
    if check.against and check.quantity.unit != "%" and isinstance(value, Fraction):
        return Value("", max(value, Fraction(0)), base=max(-value, Fraction(0)))
    whole = isinstance(value, Fraction) and value.denominator == 1 and value > 0
    return Value("", value, samples=int(value) if whole else 1)


def told(check: Check, value: Made) -> str:
    """`499 ms fails p95 latency < 400 ms`: what comes of a made value."""
    result = compare(check, Measurement((made(value, check),)))
    return f"{result.measured} {_VERBS.get(result.status, result.status)} {result.required}"


_VERBS = {
    "failed": "fails",
    "passed": "passes",
    "unattested": "does not reach",
    "unmeasured": "does not reach",
}


def _what(check: Check) -> tuple[str, str, str | None, str]:
    return check.kind, check.metric, check.statistic, check.against


def _values(checks: Sequence[Check], possible: Possible) -> Iterator[Made]:
    """Values that can be measured: where there is one on a side of the limits, or between them,
    it is among these. Those that people know best come first."""
    limits: list[Fraction] = []
    for check in checks:
        limit = check.quantity.value
        if isinstance(limit, Fraction):
            limits.append(limit)
        else:
            yield from (limit, True, False, "a canary", "another canary")
    for value in _near(limits, possible, checks[0]) if limits else ():
        if _can_be(value, possible):
            yield value


def _near(limits: Sequence[Fraction], possible: Possible, check: Check) -> Iterator[Fraction]:
    """Values that people know, then one in each of the parts into which the limits cut what is
    possible."""
    if check.metric == "exit" and not check.is_named_freely:
        yield from (Fraction(1), Fraction(0))
    for limit in limits:
        yield limit
        yield limit - 1
        yield limit + 1
    ends = [end for end in (possible.lowest, possible.highest) if end is not None]
    points = sorted({*limits, *ends})
    between = [(a + b) / 2 for a, b in pairwise(points)]
    for point in (*points, *between, points[0] - 1, points[-1] + 1):
        yield point
        if possible.is_whole:
            yield from map(Fraction, (floor(point), ceil(point), floor(point) - 1, ceil(point) + 1))


def _can_be(value: Fraction, possible: Possible) -> bool:
    low, high = possible.lowest, possible.highest
    return (
        (low is None or value > low or (value == low and not possible.is_open))
        and (high is None or value <= high)
        and (not possible.is_whole or value.denominator == 1)
    )
