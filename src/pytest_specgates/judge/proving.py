"""Whether a check can fail: values on the wrong side of its limit, judged as measured ones are."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..model import Check, Measurement, Value
from .compare import compare


def failing_value(check: Check) -> Fraction | float | str | bool | None:
    """A value that can be measured and that fails the check; None where there is none."""
    for value in _possible(check):
        found = compare(check, Measurement((Value("a canary", value),)))
        if found.status in ("failed", "unattested"):
            return value
    return None


def _possible(check: Check) -> Iterator[Fraction | str | bool]:
    """Values that the metric can have: those around the limit, and the ends of its range."""
    limit, unit = check.quantity.value, check.quantity.unit
    if check.metric == "value" and not isinstance(limit, Fraction):
        yield from (limit, True, False, "a canary", "another canary")
        return
    if not isinstance(limit, Fraction):
        return
    if check.metric == "exit":
        yield from (Fraction(code) for code in (0, 1, 2, 255))
        return
    around = [limit, limit - 1, limit + 1, limit * 2, limit / 2, Fraction(0)]
    if check.metric == "value":
        yield from around
        return
    highest = Fraction(100) if unit == "%" else None
    around += [highest] if highest is not None else [Fraction(10**9)]
    for value in around:
        whole = unit != "count" or value.denominator == 1
        if value >= 0 and whole and (highest is None or value <= highest):
            yield value
