"""Numbers between bounds as a regular expression of how JSON writes them.

It may miss some (`1e3`, `99.5` below 100) and matches none that lies outside.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from ..json_schema import is_number

_MOST = 10**15
"""Of more digits, readers make other numbers."""
_LIMITS = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"))
_FRACTION = r"(?:\.[0-9]{1,20})?"
_EXPONENT = r"(?:[eE][+-]?[0-9]{1,2})?"


def number(schema: Mapping[str, Any], *, is_whole: bool) -> str | None:
    """Numbers that the bounds of a schema allow; None where it has a bound that is no number, or
    none between them was found."""
    if not schema.keys() & _LIMITS:
        if is_whole:
            return "(?:0|-?[1-9][0-9]{0,14})"
        return f"-?(?:0|[1-9][0-9]{{0,14}}){_FRACTION}{_EXPONENT}"
    bounds = _bounds(schema)
    found = [] if bounds is None else list(_signed(*bounds, is_whole=is_whole))
    return f"(?:{'|'.join(found)})" if found else None


def _bounds(schema: Mapping[str, Any]) -> tuple[int, int] | None:
    """Whole numbers between which all numbers are allowed."""
    lows, highs = [-_MOST], [_MOST]
    for key in schema.keys() & _LIMITS:
        value = schema[key]
        if not is_number(value) or (isinstance(value, float) and not math.isfinite(value)):
            return None
        if key == "minimum":
            lows.append(math.ceil(value))
        elif key == "maximum":
            highs.append(math.floor(value))
        elif key == "exclusiveMinimum":
            lows.append(math.floor(value) + 1)
        else:
            highs.append(math.ceil(value) - 1)
    return max(lows), min(highs)


def _signed(low: int, high: int, *, is_whole: bool) -> Iterator[str]:
    for sign, least, most in (("", max(low, 0), high), ("-", max(-high, 0), -low)):
        if is_whole:
            # To some readers -0 is no whole number.
            first, last = max(least, 1) if sign else least, min(most, _MOST - 1)
            if first <= last:
                yield f"{sign}{_between(first, last)}"
            continue
        if least < most:  # with a fraction it may come to one more
            yield f"{sign}{_between(least, most - 1)}{_FRACTION}"
        if least <= most < _MOST:
            yield rf"{sign}{most}(?:\.0)?"


def _between(low: int, high: int) -> str:
    """Whole numbers from `low` >= 0 to `high` >= `low`, without zeros before them."""
    parts = ["0"] if low == 0 else []
    low = max(low, 1)
    whole: list[int] = []
    for digits in range(len(str(low)), len(str(high)) + 1):
        first, last = max(low, 10 ** (digits - 1)), min(high, 10**digits - 1)
        if first > last:
            continue
        if last - first == 9 * 10 ** (digits - 1) - 1:
            whole.append(digits - 1)
        else:
            parts += _of_equal_length(str(first), str(last))
    if whole:
        parts.append(f"[1-9][0-9]{{{whole[0]},{whole[-1]}}}")
    return f"(?:{'|'.join(parts)})"


def _of_equal_length(low: str, high: str) -> list[str]:
    """As few alternatives as two numbers of as many digits allow."""
    if low == high:
        return [low]
    a, b, rest = int(low[0]), int(high[0]), len(low) - 1
    if a == b:
        return [f"{a}{one}" for one in _of_equal_length(low[1:], high[1:])]
    parts = []
    if low[1:].strip("0"):
        parts += [f"{a}{one}" for one in _of_equal_length(low[1:], "9" * rest)]
        a += 1
    after = []
    if high[1:].strip("9"):
        after = [f"{b}{one}" for one in _of_equal_length("0" * rest, high[1:])]
        b -= 1
    if a <= b:
        first = str(a) if a == b else f"[{a}-{b}]"
        parts.append(first + (f"[0-9]{{{rest}}}" if rest else ""))
    return parts + after
