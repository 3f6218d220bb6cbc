"""A check and its values in words, rounded for display only, and only so far that what is shown
still agrees with the verdict."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from ..model import Check, Value
from .operators import OPERATORS, known_metric, number

_Sizes = tuple[tuple[int, str], ...]
_BINARY: _Sizes = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"), (1, "B"))
_DECIMAL: _Sizes = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"), (1, "B"))
_PER_CALLS = re.compile(r"\s*(?:/|\bper\b)\s*(?P<calls>[\d_,]*)\s*calls?$")
_TIMES = ((Fraction(60), "min"), (Fraction(1), "s"), (Fraction(1, 10**3), "ms"))
_LONG_TIMES = ((Fraction(172_800), Fraction(86_400), "d"), (Fraction(7200), Fraction(3600), "h"))
"""From when on a time with a free name, as an age, is told by a longer unit."""
_BYTES = ((Fraction(10**9), "GB"), (Fraction(10**6), "MB"), (Fraction(10**3), "kB"))
OF_SCHEMAS = {
    "refused": ("of the base is refused", "backward compatible"),
    "admitted": ("is accepted that the base refuses", "forward compatible"),
}


def requirement(check: Check) -> str:
    """`p95 latency < 500 ms`: the check in words."""
    metric = known_metric(check)
    if metric == "missing" and check.kind in ("exists", "config"):
        return "all present"
    if metric == "invalid" and check.op == "==":
        return "all valid"
    if metric == "failing" and check.op == "==":
        return "all pass"
    if metric in OF_SCHEMAS:
        return OF_SCHEMAS[metric][1]
    if metric in ("weakenings", "counterexamples"):
        return "none"
    statistic = f"{check.statistic} " if check.statistic else ""
    unit = "" if metric == "value" else f"{check.metric} "
    how = _how_of_memory(check) if check.kind == "memory" else _way(check)
    return f"{statistic}{unit}{check.op} {check.quantity.written}{how}"


def _way(check: Check) -> str:
    """By what a regression is measured, where it is not time."""
    if check.kind != "regression":
        return ""
    if "unit" in check.options and check.options["unit"] != "time":
        return f" in {check.options['unit']}"
    return f" by {check.options.get('by', 'rss')}" if check.metric == "peak memory" else ""


def _how_of_memory(check: Check) -> str:
    """By what it was measured, and above what: neither stands in the limit."""
    what = ""
    if check.metric == "peak memory":
        is_command = {subject.startswith("command:") for subject in check.subject}
        if is_command == {False}:
            what = ", above the start of the call"
        elif is_command == {True}:
            what = ", of the largest process"
    return f" by {check.options.get('by', '')}{what}"


def display(value: Fraction | float | str | bool | None, check: Check) -> str:
    """The value rounded, with as many digits as it takes to stand on its side of the limit."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    limit = check.quantity.value
    exact = Fraction(value)
    unit = check.quantity.unit
    if check.is_named_freely:
        return _displayed_freely(exact, check)
    if unit == "count" or unit == "":
        return str(exact) if exact.denominator == 1 else f"{float(exact):g}"
    scale, name = Fraction(1), f" {unit}"
    if unit == "%":
        name = " %"
    elif unit == "s":
        scale, name = _scaled(exact, _TIMES, (Fraction(1, 10**6), "us"))
    elif unit == "1/s":
        scale, name = _by_time(check)
    elif unit in ("B", "B/call"):
        scale, name = _of_size(exact, check.quantity.written)
    shown = _on_its_side(exact, limit, check.op, scale)
    # No decimal number stands where the value does: it is the limit, or as good as it.
    return check.quantity.written if shown is None else f"{shown}{name}"


def _of_size(value: Fraction, written: str) -> tuple[Fraction, str]:
    """The scale of a size, and its name: binary or decimal as the limit, of as many calls."""
    per = _PER_CALLS.search(written)
    calls = int(re.sub(r"\D", "", per["calls"]) or 1) if per else 1
    table = _DECIMAL if re.search(r"[kMGT]B", written) else _BINARY
    size, name = next(
        (size, n) for size, n in table if size <= max(abs(value) * calls, Fraction(1))
    )
    told = f" {name}" + (f" per {calls:,} calls" if per else "")
    return Fraction(size, calls), told.replace(" per 1 calls", " per call")


def _displayed_freely(value: Fraction, check: Check) -> str:
    """A value with a free name: of any size, below zero too, in any unit."""
    unit = check.quantity.unit
    scale, name = Fraction(1), f" {unit}" if unit else ""
    if unit == "s":
        scale, name = _scaled(value, _TIMES, (Fraction(1, 10**6), "us"))
        for least, long, long_name in reversed(_LONG_TIMES):
            if abs(value) >= least:
                scale, name = long, f" {long_name}"
    elif unit == "B":
        scale, name = _scaled(value, _BYTES, (Fraction(1), "B"))
    elif unit.endswith("/s"):
        scale, name = _by_time(check)
        things = unit.removesuffix("/s").removeprefix("1")
        name = f" {things}{name.strip()}"
    size = abs(value / scale)
    digits = 0 if size >= 1000 else 2
    while 0 < size < Fraction(10) ** (3 - digits) and digits < _MOST_DIGITS:
        digits += 1
    shown = _on_its_side(value, check.quantity.value, check.op, scale, digits)
    return f"{value / scale if shown is None else shown}{name}"


_MOST_DIGITS = 12
"""How many digits behind the point a value has that is not close to its limit."""


def _scaled(
    value: Fraction, units: Sequence[tuple[Fraction, str]], least: tuple[Fraction, str]
) -> tuple[Fraction, str]:
    scale, name = next(((s, n) for s, n in units if abs(value) >= s), least)
    return scale, f" {name}"


def _by_time(check: Check) -> tuple[Fraction, str]:
    """The scale of a rate, by the time that its limit is written with."""
    written = check.quantity.written.partition("/")[2].strip()
    seconds = {"min": 60, "h": 3600}.get(written, 1)
    return Fraction(1, seconds), f" /{written or 's'}"


def _on_its_side(
    value: Fraction,
    limit: Fraction | str | bool,
    op: str,
    scale: Fraction = Fraction(1),
    fewest: int = 2,
) -> str | None:
    """The value by its scale, rounded so far that it stands on its side of the limit."""
    scaled = value / scale
    for digits in range(0 if scaled >= 1000 else fewest, 30):
        rounded = round(scaled, digits)
        if isinstance(limit, (bool, str)):
            return _decimal(rounded, digits)
        if OPERATORS[op](rounded * scale, limit) == OPERATORS[op](value, limit):
            return _decimal(rounded, digits)
    return None


def shown_value(value: Value, check: Check) -> str:
    return _against_base(value, check) if check.against else display(value.value, check)


def _against_base(value: Value, check: Check) -> str:
    """`81.5 % (base 82 %, -0.5 pp)`: what a value is, what it was, and the difference."""
    if check.quantity.unit == "%":
        share = number(value.value)
        told = _on_its_side(share, check.quantity.value, check.op) or check.quantity.written
        return f"{_signed(told.removeprefix('-'), share)} %"
    now, before = number(value.value), number(value.base)
    change = now - before
    if check.quantity.unit == "count":
        return f"{now} (base {before}, {_signed(str(abs(change)), change)})"
    digits = 2
    while change and round(now, digits) == round(before, digits) and digits < 30:
        digits += 1
    shown, was = (_decimal(round(one, digits), digits) for one in (now, before))
    rounded = _on_its_side(change, check.quantity.value, check.op)
    told = check.quantity.written if rounded is None else rounded.removeprefix("-")
    return f"{shown} % (base {was} %, {_signed(told, change)} pp)"


def _signed(text: str, value: Fraction) -> str:
    return f"+{text}" if value > 0 else f"-{text}" if value < 0 else text


def _decimal(value: Fraction, digits: int) -> str:
    """A fraction that was rounded to so many digits, written out exactly."""
    whole = int(value * 10**digits)
    text = f"{abs(whole) // 10**digits:,}"
    rest = f"{abs(whole) % 10**digits:0{digits}d}".rstrip("0") if digits else ""
    return ("-" if whole < 0 else "") + (f"{text}.{rest}" if rest else text)
