"""Numbers of a schema, drawn by Hypothesis: within its limits, and on them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from ..json_schema import is_number
from .document_hints import Hints
from .schema_parts import limits_of

Strategy = st.SearchStrategy[Any]


def _multiples(step: Fraction, schema: Mapping[str, Any]) -> Strategy:
    """How many times the step a number is that lies within the limits of the schema."""
    low, low_out, high, high_out = limits_of(schema)
    first = None if low is None else math.ceil(Fraction(low) / step)
    last = None if high is None else math.floor(Fraction(high) / step)
    if first is not None and low_out and first * step == Fraction(low):
        first += 1
    if last is not None and high_out and last * step == Fraction(high):
        last -= 1
    if first is not None and last is not None and first > last:
        return st.nothing()
    return st.integers(first, last)


def _step(schema: Mapping[str, Any]) -> Fraction | None:
    step = schema.get("multipleOf", schema.get("divisibleBy"))
    return Fraction(str(step)) if is_number(step) and step > 0 else None


def integers_of(schema: Mapping[str, Any], hints: Hints) -> Strategy:
    # The whole numbers that are multiples are those of the numerator of the reduced fraction.
    step = (_step(schema) or Fraction(1)).numerator
    made = _multiples(Fraction(step), schema).map(lambda n: n * step)
    return _with_hints(made, schema, hints, whole=True)


def floats(**ends: Any) -> Strategy:
    return st.floats(allow_nan=False, allow_infinity=False, **ends)


def numbers_of(schema: Mapping[str, Any], hints: Hints) -> Strategy:
    step = _step(schema)
    if step is not None:
        many = _multiples(step, schema).map(lambda n: n * step)
        return many.map(lambda one: one.numerator if one.denominator == 1 else float(one))
    low, low_out, high, high_out = limits_of(schema)
    if low is not None and high is not None and low > high:
        return st.nothing()
    ends = {
        "min_value": None if low is None else float(low),
        "max_value": None if high is None else float(high),
    }
    fits = floats(**ends).filter(lambda x: (not low_out or x > low) and (not high_out or x < high))
    return _with_hints(integers_of(schema, hints) | fits, schema, hints, whole=False)


def _with_hints(made: Strategy, schema: Mapping[str, Any], hints: Hints, whole: bool) -> Strategy:
    low, _, high, _ = limits_of(schema)
    fitting = [
        number
        for number in (*hints.numbers, *filter(is_number, hints.values))
        if (low is None or number >= low)
        and (high is None or number <= high)
        and (not whole or isinstance(number, int))
    ]
    return st.one_of(made, st.sampled_from(fitting)) if fitting else made
