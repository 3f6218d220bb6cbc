"""What a check compares by: its operator, its metric, and values as numbers."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction

from ..model import Check

OPERATORS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def known_metric(check: Check) -> str:
    """The metric, where it is one that is told or judged in a way of its own. A free name is none
    of them, whatever it says."""
    return "" if check.is_named_freely else check.metric


def number(value: Fraction | float | str | bool | None) -> Fraction:
    assert isinstance(value, (int, float, Fraction))  # whatever is not is unusable
    return Fraction(value)
