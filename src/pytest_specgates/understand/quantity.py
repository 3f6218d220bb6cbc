"""Numbers with units, exact, in canonical units: s, 1/s, B, B/call, % and count."""

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
_BYTES: dict[str, int] = {
    "B": 1,
    "byte": 1,
    "bytes": 1,
    "KiB": 1024,
    "MiB": 1024**2,
    "GiB": 1024**3,
    "TiB": 1024**4,
    "kB": 1000,
    "MB": 1000**2,
    "GB": 1000**3,
    "TB": 1000**4,
}
"""Sizes, by their exact spelling: in another case most of them mean something else."""
_PERCENT = frozenset(("%", "percent", "pct"))
_AMBIGUOUS = {
    "m": "minutes (min), milliseconds (ms) or metres",
    "M": "minutes (min), millions or megabytes (MB, MiB)",
    "k": "a thousand of something that is not named",
}
_AMBIGUOUS_SIZES = {
    "K": "1,000 bytes (kB) or 1,024 bytes (KiB)",
    "KB": "1,000 bytes (kB) or 1,024 bytes (KiB)",
    "kb": "kilobytes (kB, KiB) or kilobits",
    "Kb": "kilobytes (kB, KiB) or kilobits",
    "mb": "megabytes (MB, MiB) or megabits",
    "Mb": "megabytes (MB, MiB) or megabits",
    "gb": "gigabytes (GB, GiB) or gigabits",
    "Gb": "gigabytes (GB, GiB) or gigabits",
    "G": "1,000,000,000 bytes (GB) or 1,073,741,824 bytes (GiB)",
}
_GROWTH = re.compile(r"(?P<size>[^\W\d]+)\s*(?:/|\bper\b)\s*(?P<calls>\d[\d_,]*)?\s*calls?")
_RATE = re.compile(r"(?P<things>[^\W\d]*)\s*(?:/|\bper\b)\s*(?P<time>[^\W\d]+)")
_UNIT_OF = {
    "time": "s",
    "rate": "1/s",
    "percent": "%",
    "count": "count",
    "size": "B",
    "growth": "B/call",
}
NEEDED = {
    "time": "a time needs a unit: ns, us, ms, s, min, h",
    "rate": "a rate needs a unit: /s, /min, /h, or what is counted with it, as in 100 analyses/min",
    "percent": "a percentage needs its sign: write 90%",
    "count": "a count has no unit",
    "size": "a size needs a unit: B, KiB, MiB, GiB, kB, MB, GB",
    "growth": "a growth needs a size and a number of calls, as in 1 MiB per 100 calls",
}


def dimension_of(unit: str) -> str | None:
    """time, rate, percent, size or growth; None where the unit is not known. Raises ValueError
    with the meanings of a unit that fits two things."""
    if not unit:
        return None
    meanings = _AMBIGUOUS.get(unit) or _AMBIGUOUS_SIZES.get(unit)
    if meanings:
        raise ValueError(f'the unit "{unit}" fits two things, {meanings}; write it out')
    if unit in _PERCENT:
        return "percent"
    if unit.lower() in _SECONDS:
        return "time"
    if unit in _BYTES:
        return "size"
    growth = _GROWTH.fullmatch(unit)
    if growth:
        return "growth" if dimension_of(growth["size"]) == "size" else None
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
    # K may be Kelvin here, and KB is read as people mean it in prose.
    dimension = None if unit in _AMBIGUOUS_SIZES else dimension_of(unit)
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
    elif dimension == "size":
        value *= _BYTES[unit]
    elif dimension == "growth":
        growth = _GROWTH.fullmatch(unit)
        assert growth is not None  # dimension_of said so
        calls = int(re.sub(r"\D", "", growth["calls"] or "1"))
        if not calls:
            raise ValueError(f'"{written}" is of no calls; {NEEDED[dimension]}')
        value *= Fraction(_BYTES[growth["size"]], calls)
    return Quantity(value, _UNIT_OF[dimension], written)
