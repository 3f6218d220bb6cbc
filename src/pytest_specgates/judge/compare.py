"""The only comparison: a measurement against the quantity of its check, exactly.

Everything that shows a verdict renders what is decided here.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from fractions import Fraction

from ..model import Check, CheckResult, Measurement, Value
from .in_words import OF_SCHEMAS, display, requirement, shown_value
from .operators import OPERATORS, known_metric, number
from .sequential import decision, greatest

_OPERATION = re.compile(r"[A-Z]+ /")
"""What an API is asked for, of which one answer or more is invalid."""


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
    shown = shown_value(worst, check)
    metric = known_metric(check)
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
    elif metric in OF_SCHEMAS:
        shown = f"{'a' if worst.value else 'no'} document {OF_SCHEMAS[metric][0]}"
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
    shown, told = shown_value(worst, check), f"after {worst.samples} pairs"
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
            x is not None and OPERATORS[check.op](Fraction(x), _limit(check))
            for x in (value.low, value.high)
        )
        return "holds" if is_high else "undecided" if is_low else "misses"
    if not value.pairs or check.quantity.unit != "%" or not check.against:
        return ""
    return decision(value.pairs, greatest(float(_limit(check))))


def _limit(check: Check) -> Fraction:
    assert isinstance(check.quantity.value, Fraction)
    return check.quantity.value


def _unusable(value: Value, check: Check) -> str:
    measured = value.value
    if measured is None or measured == "":
        return "the measured value is empty"
    if isinstance(measured, float) and not math.isfinite(measured):
        return f"the measured value is {measured}"
    metric = known_metric(check)
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
    return OPERATORS[check.op](_judged(value, check), limit)


_BEST = {"pp": 100, "count": 0}
"""The best that a value against the base can be: all that is covered, nothing that is not."""


def _judged(value: Value, check: Check) -> Fraction:
    """The number that is compared: the value or, against the base, its difference."""
    is_difference = check.against and check.quantity.unit != "%"
    return number(value.value) - (number(value.base) if is_difference else 0)


def _worst(values: list[Value], check: Check) -> Value:
    if known_metric(check) == "value":
        return values[0]
    sign = -1 if check.op in (">", ">=") else 1
    return max(values, key=lambda value: sign * _judged(value, check))
