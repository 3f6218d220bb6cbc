"""The comparison: exact, on every value, and shown so that it never contradicts itself."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_specgates.judge.compare import compare
from pytest_specgates.judge.in_words import display
from pytest_specgates.model import Check, Measurement, Quantity, Value, absence

OPS = ("<", "<=", ">", ">=")


def check(op: str, limit: str, unit: str = "%", metric: str = "line coverage") -> Check:
    return Check("coverage", metric, op, Quantity(Fraction(limit), unit, f"{limit}{unit}"))


def status(op: str, limit: str, *values: float | Fraction | str | bool | None) -> str:
    measured = tuple(Value(f"s{n}", value) for n, value in enumerate(values))
    return compare(check(op, limit), Measurement(measured)).status


def test_coverage_just_below_its_limit_fails_and_is_shown_below_it() -> None:
    result = compare(check(">=", "90"), Measurement((Value("src", Fraction(8996, 100)),)))
    assert (result.status, result.measured) == ("failed", "89.96 %")
    close = compare(check(">=", "90"), Measurement((Value("src", Fraction(89_999_999, 10**6)),)))
    assert (close.status, close.measured) == ("failed", "89.999999 %")


@given(
    st.sampled_from(OPS),
    st.fractions(min_value=0, max_value=10**6, max_denominator=10**6),
    st.fractions(min_value=0, max_value=10**6, max_denominator=10**9),
    st.sampled_from(["%", "s", "1/s"]),
)
def test_the_display_stands_on_the_side_of_the_verdict(
    op: str, limit: Fraction, value: Fraction, unit: str
) -> None:
    one = Check("latency", "latency", op, Quantity(limit, unit, "limit"))
    text = display(value, one)
    if text == "limit":
        assert value == limit
        return
    number, _, shown_unit = text.partition(" ")
    scale: Fraction = {"min": Fraction(60), "ms": Fraction(1, 1000), "us": Fraction(1, 10**6)}.get(
        shown_unit, Fraction(1)
    )
    shown = Fraction(number.replace(",", "")) * scale
    assert _holds(op, shown, limit) == _holds(op, value, limit)


def _holds(op: str, value: Fraction, limit: Fraction) -> bool:
    if op in ("<", "<="):
        return value < limit or (op == "<=" and value == limit)
    return value > limit or (op == ">=" and value == limit)


def test_every_value_has_to_hold_and_the_worst_is_named() -> None:
    values = (Value("a", 95), Value("b", 12), Value("c", 40))
    result = compare(check(">=", "90"), Measurement(values))
    assert result.status == "failed"
    assert "12 % (b)" in result.sentence
    assert "2 of 3" in result.sentence


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -1, "", "ninety", True, None])
def test_what_is_no_number_is_an_error(value: float | str | bool | None) -> None:
    for op in OPS:
        assert status(op, "0", value) == "error"


def test_nothing_measured_is_unmeasured() -> None:
    assert compare(check(">=", "90"), Measurement()).status == "unmeasured"
    assert compare(check(">=", "90"), absence("no data")).sentence == "no data"


@pytest.mark.parametrize(
    ("measured", "op", "limit", "expected"),
    [
        ("on", "==", "on", "passed"),
        ("off", "==", "on", "failed"),
        ("off", "!=", "on", "passed"),
        (True, "==", True, "passed"),
        (True, "==", Fraction(1), "failed"),
        (Fraction(1), "==", True, "failed"),
        ("1", "==", Fraction(1), "failed"),
        (Fraction(3), ">=", Fraction(3), "passed"),
        ("three", ">=", Fraction(3), "error"),
        (True, ">=", Fraction(0), "error"),
    ],
)
def test_configuration_values_compare_by_type(
    measured: str | bool | Fraction, op: str, limit: str | bool | Fraction, expected: str
) -> None:
    one = Check("config", "value", op, Quantity(limit, "", str(limit)))
    assert compare(one, Measurement((Value("k", measured),))).status == expected


@given(st.sampled_from(OPS), st.integers(0, 200), st.integers(0, 200))
def test_turning_the_operator_turns_the_verdict(op: str, limit: int, value: int) -> None:
    turned = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}[op]
    assert status(op, str(limit), value) != status(turned, str(limit), value)


def _against(op: str, offset: str, unit: str = "pp") -> Check:
    metric = "line coverage" if unit == "pp" else "uncovered lines"
    quantity = Quantity(Fraction(offset), unit, f"base {offset}")
    return Check("coverage", metric, op, quantity, against="base")


@pytest.mark.parametrize(
    ("op", "offset", "now", "base", "status", "shown"),
    [
        (">=", "0", "82", "82", "passed", "82 % (base 82 %, 0 pp)"),
        (">=", "0", "81.99", "82", "failed", "81.99 % (base 82 %, -0.01 pp)"),
        (">=", "0", "81.9999", "82", "failed", "81.9999 % (base 82 %, -0.0001 pp)"),
        (">=", "-1/2", "81.5", "82", "passed", "81.5 % (base 82 %, -0.5 pp)"),
        (">=", "-1/2", "81.499", "82", "failed", "81.5 % (base 82 %, -0.501 pp)"),
        (">", "0", "82", "82", "failed", "82 % (base 82 %, 0 pp)"),
        (">", "0", "82.5", "82", "passed", "82.5 % (base 82 %, +0.5 pp)"),
        (">", "0", "100", "100", "passed", "100 % (base 100 %, 0 pp)"),
        (">=", "5", "100", "98", "passed", "100 % (base 98 %, +2 pp)"),
    ],
)
def test_a_difference_from_the_base_is_what_is_compared(
    op: str, offset: str, now: str, base: str, status: str, shown: str
) -> None:
    value = Value("src", Fraction(now), base=Fraction(base))
    result = compare(_against(op, offset), Measurement((value,)))
    assert (result.status, result.measured) == (status, shown)


def test_counts_against_the_base() -> None:
    one = _against("<=", "2", "count")
    worse, same = (
        Value("a", Fraction(7), base=Fraction(4)),
        Value("b", Fraction(9), base=Fraction(9)),
    )
    result = compare(one, Measurement((same, worse)))
    assert (result.status, result.measured) == ("failed", "7 (base 4, +3)")
    assert compare(one, Measurement((same,))).measured == "9 (base 9, 0)"
    fewer = compare(_against("<", "0", "count"), Measurement((replace(worse, value=Fraction(0)),)))
    assert (fewer.status, fewer.measured) == ("passed", "0 (base 4, -4)")


def test_no_value_of_the_base_is_an_error() -> None:
    for base in (None, Fraction(-1)):
        value = Value("src", Fraction(82), base=base)
        assert compare(_against(">=", "0"), Measurement((value,))).status == "error"
