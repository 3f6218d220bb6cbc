"""The only comparison: a measurement against the quantity of its check, exactly.

Everything that shows a verdict renders what is decided here. Values are rounded for
display only, and only so far that the display still agrees with the verdict.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from ..model import Check, CheckResult, Measurement, Value
from .sequential import decision, greatest

_COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_Sizes = tuple[tuple[int, str], ...]
_BINARY: _Sizes = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"), (1, "B"))
_DECIMAL: _Sizes = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"), (1, "B"))
_PER_CALLS = re.compile(r"\s*(?:/|\bper\b)\s*(?P<calls>[\d_,]*)\s*calls?$")
_TIMES = ((Fraction(60), "min"), (Fraction(1), "s"), (Fraction(1, 10**3), "ms"))
_LONG_TIMES = ((Fraction(172_800), Fraction(86_400), "d"), (Fraction(7200), Fraction(3600), "h"))
"""From when on a time with a free name, as an age, is told by a longer unit."""
_BYTES = ((Fraction(10**9), "GB"), (Fraction(10**6), "MB"), (Fraction(10**3), "kB"))


_OPERATION = re.compile(r"[A-Z]+ /")
"""What an API is asked for, of which one answer or more is invalid."""
_OF_SCHEMAS = {
    "refused": ("of the base is refused", "backward compatible"),
    "admitted": ("is accepted that the base refuses", "forward compatible"),
}


def compare(check: Check, measurement: Measurement) -> CheckResult:
    """Judge one check. Every value has to hold; the worst one is named."""
    return replace(_compared(check, measurement), measurement=measurement)


def holds(value: Value, check: Check) -> bool:
    """Whether one value would pass: the comparison alone, without its sentence."""
    return not _unusable(value, check) and _holds(value, check)


def misses(value: Value, check: Check) -> bool:
    """Whether one value would fail. What cannot be compared does neither: it is an error."""
    return not _unusable(value, check) and not _holds(value, check)


def _compared(check: Check, measurement: Measurement) -> CheckResult:
    required = requirement(check)
    if measurement.absent is not None:
        return CheckResult(
            check,
            measurement.absent,
            "",
            required,
            measurement.reason,
            evidence=measurement.evidence,
            next_step=measurement.next_step,
        )
    if not measurement.values:
        return CheckResult(check, "unmeasured", "", required, "the probe measured nothing")
    for value in measurement.values:
        fault = _unusable(value, check)
        if fault:
            return CheckResult(
                check,
                "error",
                fault,
                required,
                f"{value.subject}: {fault}",
                evidence=measurement.evidence,
            )
    unclear = [value for value in measurement.values if _decided(value, check) == "undecided"]
    misses = [v for v in measurement.values if v not in unclear and not _holds(v, check)]
    if unclear and not misses:
        return _unclear(unclear, check, measurement)
    held = _held_again(misses, check, measurement)
    if held:
        return _undecided(misses, held, check, measurement)
    worst = _worst(misses or list(measurement.values), check)
    shown = _shown(worst, check)
    metric = _known(check)
    if metric == "missing":
        shown = f"{worst.value} missing" if misses else "present"
    elif metric == "attestations":
        shown = f"{worst.value} signed off"
    elif metric == "weakenings":
        shown = f"{worst.value} weakened or removed" if misses else "nothing weakened"
    elif metric == "exit":
        shown = f"exit {worst.value}"
    elif check.kind in ("gates", "tests") and check.op == "==" and metric == "failing":
        shown = f"{worst.value} of {worst.samples} failing"
    elif metric == "invalid":
        invalid = sum(int(value.value or 0) for value in measurement.values)
        records = sum(value.samples for value in measurement.values)
        what = "answers" if _OPERATION.match(worst.subject) else "records"
        shown = f"{invalid} of {records} {what} invalid"
    elif metric == "counterexamples":
        what = "a counter-example" if worst.value else "no counter-example"
        shown = f"{what} in {worst.samples} example{'s' * (worst.samples != 1)}"
    elif metric in _OF_SCHEMAS:
        shown = f"{'a' if worst.value else 'no'} document {_OF_SCHEMAS[metric][0]}"
    count = len(measurement.values)
    where = f" ({worst.subject})" if worst.subject else ""
    if misses and metric == "attestations":
        # Whether enough people signed is measured; that more have to is not a failure of theirs.
        return CheckResult(
            check,
            "unattested",
            shown,
            required,
            measurement.reason or f"{shown}, required {required}",
            value=worst.value,
            samples=worst.samples,
            evidence=measurement.evidence,
            next_step=measurement.next_step,
        )
    if misses and metric == "records" and check.kind == "conforms":
        # That there are too few to say something is no fault of those that there are.
        return CheckResult(
            check,
            "unmeasured",
            shown,
            required,
            f"too few to judge by: {shown}{where}, required {required}",
            value=worst.value,
            samples=worst.samples,
            evidence=measurement.evidence,
            next_step=measurement.next_step,
        )
    several = f"; {len(misses)} of {count} subjects miss it" if misses and count > 1 else ""
    return CheckResult(
        check,
        "failed" if misses else "passed",
        shown,
        required,
        f"{shown}{where}, required {required}{several}",
        value=worst.value,
        samples=worst.samples,
        evidence=measurement.evidence,
        next_step=measurement.next_step if misses else "",
    )


def _held_again(misses: list[Value], check: Check, measurement: Measurement) -> list[Value]:
    """The second measurements of what missed, where none of them shows it too; else none."""
    second = {value.subject: value for value in measurement.again}
    found = [second[value.subject] for value in misses if value.subject in second]
    usable = [
        value
        for value in found
        if not _unusable(value, check)
        and (_holds(value, check) or _decided(value, check) == "undecided")
    ]
    return usable if misses and len(usable) == len(misses) else []


def _undecided(
    misses: list[Value], held: list[Value], check: Check, measurement: Measurement
) -> CheckResult:
    """Two measurements that do not agree: neither verdict is proved."""
    worst, required = _worst(misses, check), requirement(check)
    again = next(value for value in held if value.subject == worst.subject)
    shown = f"{display(worst.value, check)}, measured again {display(again.value, check)}"
    where = f" ({worst.subject})" if worst.subject else ""
    return CheckResult(
        check,
        "unmeasured",
        shown,
        required,
        f"undecided: {shown}{where}, required {required}",
        value=worst.value,
        samples=worst.samples,
        evidence=measurement.evidence,
        next_step="run it again on a machine that does nothing else, or take more samples",
    )


def _unclear(unclear: list[Value], check: Check, measurement: Measurement) -> CheckResult:
    """What was measured and shows neither that the check holds nor that it is missed."""
    worst, required = _worst(unclear, check), requirement(check)
    shown, told = _shown(worst, check), f"after {worst.samples} pairs"
    step = "run it again on a quieter machine, or tolerate more"
    if worst.low is not None:
        ends = [display(Fraction(worst.low), check), "any time"]
        if worst.high is not None:
            ends[1] = display(Fraction(worst.high), check)
        told = f"between {' and '.join(ends)} by {worst.samples} samples"
        step = measurement.next_step
    return CheckResult(
        check,
        "unmeasured",
        shown,
        required,
        f"undecided: {shown}, {told} ({worst.subject}), required {required}",
        value=worst.value,
        samples=worst.samples,
        evidence=measurement.evidence,
        next_step=step,
    )


def _decided(value: Value, check: Check) -> str:
    """What the pairs, or the bounds, of a value decide; "" for a value that is compared as it
    is."""
    if value.low is not None:
        is_low, is_high = (
            x is not None and _COMPARE[check.op](Fraction(x), _limit(check))
            for x in (value.low, value.high)
        )
        return "holds" if is_high else "undecided" if is_low else "misses"
    if not value.pairs or check.quantity.unit != "%" or not check.against:
        return ""
    return decision(value.pairs, greatest(float(_limit(check))))


def _limit(check: Check) -> Fraction:
    assert isinstance(check.quantity.value, Fraction)
    return check.quantity.value


def _known(check: Check) -> str:
    """The metric, where it is one that is told or judged in a way of its own. A free name is none
    of them, whatever it says."""
    return "" if check.is_named_freely else check.metric


def requirement(check: Check) -> str:
    """`p95 latency < 500 ms`: the check in words."""
    metric = _known(check)
    if metric == "missing" and check.kind in ("exists", "config"):
        return "all present"
    if metric == "invalid" and check.op == "==":
        return "all valid"
    if metric == "failing" and check.op == "==":
        return "all pass"
    if metric in _OF_SCHEMAS:
        return _OF_SCHEMAS[metric][1]
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
        if _COMPARE[op](rounded * scale, limit) == _COMPARE[op](value, limit):
            return _decimal(rounded, digits)
    return None


def _shown(value: Value, check: Check) -> str:
    return _against_base(value, check) if check.against else display(value.value, check)


def _against_base(value: Value, check: Check) -> str:
    """`81.5 % (base 82 %, -0.5 pp)`: what a value is, what it was, and the difference."""
    if check.quantity.unit == "%":
        share = _number(value.value)
        told = _on_its_side(share, check.quantity.value, check.op) or check.quantity.written
        return f"{_signed(told.removeprefix('-'), share)} %"
    now, before = _number(value.value), _number(value.base)
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


def _unusable(value: Value, check: Check) -> str:
    measured = value.value
    if measured is None or measured == "":
        return "the measured value is empty"
    if isinstance(measured, float) and not math.isfinite(measured):
        return f"the measured value is {measured}"
    metric = _known(check)
    if metric == "value":
        numeric = isinstance(measured, (int, float, Fraction)) and not isinstance(measured, bool)
        if check.op not in ("==", "!=") and not numeric:
            return f'"{measured}" is not a number'
        return ""
    if isinstance(measured, (str, bool)):
        return f'"{measured}" is not a number'
    if check.against and check.quantity.unit == "%":
        return ""  # a change, which may be to less
    if measured < 0 and metric != "exit" and not check.is_named_freely:
        return f"the measured value is negative: {measured}"
    if check.against and (value.base is None or value.base < 0):
        return "there is no value of the base to compare with"
    return ""


def _holds(value: Value, check: Check) -> bool:
    measured, limit = value.value, check.quantity.value
    assert measured is not None  # _unusable said so
    if isinstance(limit, (bool, str)) or isinstance(measured, (bool, str)):
        same = type(measured) is type(limit) and measured == limit
        return same == (check.op == "==")
    decided = _decided(value, check)
    if decided:
        return decided == "holds"
    if check.against and measured == _BEST.get(check.quantity.unit):
        return True  # nobody can ask for more than everything
    return _COMPARE[check.op](_judged(value, check), limit)


_BEST = {"pp": 100, "count": 0}
"""The best that a value against the base can be: all that is covered, nothing that is not."""


def _judged(value: Value, check: Check) -> Fraction:
    """The number that is compared: the value or, against the base, its difference."""
    is_difference = check.against and check.quantity.unit != "%"
    return _number(value.value) - (_number(value.base) if is_difference else 0)


def _number(value: Fraction | float | str | bool | None) -> Fraction:
    assert isinstance(value, (int, float, Fraction))  # _unusable said so
    return Fraction(value)


def _worst(values: list[Value], check: Check) -> Value:
    if _known(check) == "value":
        return values[0]
    sign = -1 if check.op in (">", ">=") else 1
    return max(values, key=lambda value: sign * _judged(value, check))
