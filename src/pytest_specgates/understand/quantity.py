"""Numbers with units, exact, in canonical units: s, 1/s, % and count."""

from __future__ import annotations

import re
from fractions import Fraction

from ..model import Quantity, exact
from .units import BYTES

_SECONDS: dict[str, Fraction] = {
    name: Fraction(value)
    for names, value in (
        (("ns", "nanosecond", "nanoseconds"), "1e-9"),
        (("us", "µs", "μs", "microsecond", "microseconds"), "1e-6"),
        (("ms", "msec", "millisecond", "milliseconds"), "1e-3"),
        (("s", "sec", "secs", "second", "seconds"), "1"),
        (("min", "mins", "minute", "minutes"), "60"),
        (("h", "hr", "hrs", "hour", "hours"), "3600"),
        (("d", "day", "days"), "86400"),
    )
    for name in names
}
_PERCENT = frozenset(("%", "percent", "pct"))
_AMBIGUOUS = {
    "m": "minutes (min), milliseconds (ms) or metres",
    "M": "minutes (min) or millions",
    "k": "a thousand of something that is not named",
}
_RATE = re.compile(r"(?P<things>[^\W\d]*)\s*(?:/|\bper\b)\s*(?P<time>[^\W\d]+)")
_UNIT_OF = {"time": "s", "rate": "1/s", "percent": "%", "count": "count"}
NEEDED = {
    "time": "a time needs a unit: ns, us, ms, s, min, h",
    "rate": "a rate needs a unit: /s, /min, /h, or what is counted with it, as in 100 analyses/min",
    "percent": "a percentage needs its sign: write 90%",
    "count": "a count has no unit",
}


def dimension_of(unit: str) -> str | None:
    """time, rate, percent or count; None where the unit is not known. Raises ValueError
    with the meanings of a unit that fits two things."""
    if not unit:
        return None
    if unit in _AMBIGUOUS:
        raise ValueError(f'the unit "{unit}" fits two things, {_AMBIGUOUS[unit]}; write it out')
    if unit in _PERCENT:
        return "percent"
    if unit.lower() in _SECONDS:
        return "time"
    rate = _RATE.fullmatch(unit)
    if rate:
        if rate["time"] in _AMBIGUOUS:
            raise ValueError(
                f'the unit "{unit}" fits two things; write /min for minutes, /ms for milliseconds'
            )
        if rate["time"].lower() in _SECONDS:
            return "rate"
    return None


def canonical(unit: str) -> tuple[str, Fraction]:
    """The unit that values with a free name are compared in, and the factor to it. A unit that is
    not known is its own: what is in it is only compared with its like. Raises ValueError with
    the meanings of a unit that fits two things."""
    dimension = dimension_of(unit)
    if dimension == "percent":
        return "%", Fraction(1)
    if dimension == "time":
        return "s", _SECONDS[unit.lower()]
    if dimension == "rate":
        rate = _RATE.fullmatch(unit)
        assert rate is not None  # dimension_of said so
        things, factor = canonical(rate["things"])
        return f"{things or 1}/s", factor / _SECONDS[rate["time"].lower()]
    known = BYTES.get(unit.lower()) if unit.lower().endswith(("b", "byte", "bytes")) else None
    if known is None or unit == "b":
        return unit, Fraction(1)
    if len(unit) == 2 and unit[0].isupper() and unit[1] == "b":
        raise ValueError(f'the unit "{unit}" fits two things, bits or bytes; write {unit[0]}B')
    return known.name, known.factor


def free_quantity(number: str, unit: str) -> Quantity:
    """A limit of a value with a free name. Raises ValueError, as a sentence."""
    value = exact(number.replace(",", "").replace("_", ""))
    if value is None:
        raise ValueError(f'"{number[:60]}" is not a number that can be compared')
    name, factor = canonical(unit)
    return Quantity(value * factor, name, _written(number, unit))


def _written(number: str, unit: str) -> str:
    return f"{number}{'' if unit.startswith(('%', '/')) else ' '}{unit}".strip()


def quantity(number: str, unit: str, dimension: str) -> Quantity:
    """The number in the canonical unit of the dimension. Raises ValueError, as a sentence."""
    written = _written(number, unit)
    value = exact(number.replace(",", "").replace("_", ""))
    if value is None:
        raise ValueError(f'"{number[:60]}" is not a number that can be compared')
    found = dimension_of(unit)
    if found is None and unit and dimension != "count":
        raise ValueError(f'the unit "{unit}" is not known; {NEEDED[dimension]}')
    if not unit and dimension != "count":
        hint = ""
        if dimension == "percent" and 0 < value <= 1:
            hint = f"; {number} may be {float(value) * 100:g}%"
        raise ValueError(f'"{number}" has no unit; {NEEDED[dimension]}{hint}')
    if found is not None and found != dimension:
        raise ValueError(f'"{written}" is a {found}, not a {dimension}; {NEEDED[dimension]}')
    if dimension == "time":
        value *= _SECONDS[unit.lower()]
    elif dimension == "rate":
        rate = _RATE.fullmatch(unit)
        assert rate is not None  # dimension_of said so
        value /= _SECONDS[rate["time"].lower()]
    return Quantity(value, _UNIT_OF[dimension], written)
