"""Conditions and quantities: exact, with units, never turned round."""

from __future__ import annotations

import contextlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_specgates import pipeline
from pytest_specgates.understand.condition import limits
from pytest_specgates.understand.quantity import quantity

KINDS = pipeline.kinds()
SECONDS = {"ns": "1e-9", "us": "1e-6", "ms": "1e-3", "s": "1", "min": "60", "h": "3600"}
numbers = st.decimals(min_value=0, max_value=10**9, places=3).map(lambda d: f"{d:f}")


@given(numbers, st.sampled_from(sorted(SECONDS)))
def test_times_convert_exactly(number: str, unit: str) -> None:
    assert quantity(number, unit, "time").value == Fraction(number) * Fraction(SECONDS[unit])


@given(numbers, st.sampled_from(["s", "min", "h"]), st.sampled_from(["", "req", "analyses "]))
def test_rates_convert_exactly(number: str, unit: str, things: str) -> None:
    made = quantity(number, f"{things}/{unit}", "rate")
    assert made.value == Fraction(number) / Fraction(SECONDS[unit])


@given(numbers, st.sampled_from(["<", "<="]), st.sampled_from(["p95", "p99.9", "mean", "max"]))
def test_a_condition_written_and_read_is_the_same(number: str, op: str, statistic: str) -> None:
    (limit,) = limits(f"{statistic} {op} {number} ms", KINDS["latency"])
    assert (limit.op, limit.statistic) == (op, statistic)
    assert limit.quantity.value == Fraction(number) / 1000
    (again,) = limits(f"{limit.statistic} {limit.op} {limit.quantity.written}", KINDS["latency"])
    assert again == limit


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        ("latency", "p95 < 500 ms", [("latency", "p95", "<", Fraction(1, 2))]),
        ("latency", "under 2 s", [("latency", "p95", "<", Fraction(2))]),
        ("latency", "median at most 1.5 us", [("latency", "median", "<=", Fraction("1.5e-6"))]),
        (
            "latency",
            "p95 < 5 ms and max <= 1 s",
            [("latency", "p95", "<", Fraction(1, 200)), ("latency", "max", "<=", Fraction(1))],
        ),
        ("latency", "measured", [("samples", None, ">=", Fraction(1))]),
        ("throughput", ">= 100 analyses/min", [("throughput", "mean", ">=", Fraction(5, 3))]),
        ("throughput", "over 2 per s", [("throughput", "mean", ">", Fraction(2))]),
        ("coverage", ">= 90%", [("line coverage", None, ">=", Fraction(90))]),
        ("coverage", "branch > 89.5 %", [("branch coverage", None, ">", Fraction("89.5"))]),
        (
            "command",
            "exit 0 within 10 s",
            [("exit", None, "==", Fraction(0)), ("duration", None, "<=", Fraction(10))],
        ),
        ("command", "exit != 0", [("exit", None, "!=", Fraction(0))]),
        (
            "tests",
            "all pass, none skipped",
            [("failing", None, "==", Fraction(0)), ("skipped", None, "==", Fraction(0))],
        ),
        ("memory", "peak < 256 MiB", [("peak memory", None, "<", Fraction(256 << 20))]),
        ("memory", "at most 1.5 MB", [("peak memory", None, "<=", Fraction(1_500_000))]),
        ("memory", "peak memory under 1_000 kB", [("peak memory", None, "<", Fraction(10**6))]),
        (
            "memory",
            "growth <= 1 MiB per 100 calls",
            [("memory growth", None, "<=", Fraction(1 << 20, 100))],
        ),
        ("memory", "< 10 bytes/call", [("memory growth", None, "<", Fraction(10))]),
        (
            "memory",
            "peak < 1 GiB and growth < 1 KiB per 1,000 calls",
            [
                ("peak memory", None, "<", Fraction(1 << 30)),
                ("memory growth", None, "<", Fraction(1024, 1000)),
            ],
        ),
        ("config", '== "on"', [("value", None, "==", "on")]),
        ("config", ">= 3", [("value", None, ">=", Fraction(3))]),
        ("config", "== true", [("value", None, "==", True)]),
        ("conforms", "invalid <= 2", [("invalid", None, "<=", Fraction(2))]),
        ("exists", "any exists", [("present", None, ">=", Fraction(1))]),
    ],
)
def test_conditions(kind: str, text: str, read: list[tuple[object, ...]]) -> None:
    found = [(x.metric, x.statistic, x.op, x.quantity.value) for x in limits(text, KINDS[kind])]
    assert found == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (">= base", [("line coverage", ">=", 0)]),
        ("rising", [("line coverage", ">", 0)]),
        (">= base - 0.5 pp", [("line coverage", ">=", Fraction(-1, 2))]),
        ("branch >= base + 1 pp", [("branch coverage", ">=", 1)]),
        ("line at least base and branch rising", None),
        (
            "line at least base, branch > base",
            [("line coverage", ">=", 0), ("branch coverage", ">", 0)],
        ),
        ("uncovered lines <= base + 5", [("uncovered lines", "<=", 5)]),
        ("uncovered branches < base", [("uncovered branches", "<", 0)]),
        (">= base - 5%", None),
        (">= base - 5", None),
        ("<= base", None),
        ("== base", None),
        ("p95 >= base", None),
        ("uncovered lines <= base + 5 pp", None),
        ("base", None),
        (">= baseline", None),
    ],
)
def test_conditions_against_the_base(text: str, read: list[tuple[object, ...]] | None) -> None:
    if read is None:
        with pytest.raises(ValueError, match=r"\w"):
            limits(text, KINDS["coverage"])
        return
    found = limits(text, KINDS["coverage"])
    assert [(x.metric, x.op, x.quantity.value) for x in found] == read
    assert {x.against for x in found} == {"base"}


def test_what_is_no_coverage_has_no_base() -> None:
    for kind, text in (
        ("latency", "p95 <= base"),
        ("tests", "failing <= base"),
        ("exists", ">= base"),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            limits(text, KINDS[kind])
    (limit,) = limits("== base", KINDS["config"])
    assert (limit.quantity.value, limit.against) == ("base", "")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("latency", "500 ms"),
        ("latency", "< 500"),
        ("latency", "p95 > 5 s"),
        ("latency", "p95 < 5 %"),
        ("latency", "p95 < 5 m"),
        ("latency", "p95 < 5 ms or so"),
        ("latency", "q95 < 5 ms"),
        ("latency", ""),
        ("throughput", "<= 5/s"),
        ("throughput", ">= 5"),
        ("throughput", ">= 5/m"),
        ("coverage", ">= 0.9"),
        ("coverage", "<= 90%"),
        ("coverage", "p95 >= 90%"),
        ("config", "> on"),
        ("tests", "all"),
        ("memory", "< 256"),
        ("memory", "256 MiB"),
        ("memory", "> 256 MiB"),
        ("memory", "peak < 256 M"),
        ("memory", "peak < 256 KB"),
        ("memory", "peak < 256 K"),
        ("memory", "peak < 256 mb"),
        ("memory", "peak < 5 ms"),
        ("memory", "peak < 1 MiB per 100 calls"),
        ("memory", "peak < 1 MiB/s"),
        ("memory", "growth < 1 MiB"),
        ("memory", "growth < 1 ms per call"),
        ("memory", "growth < 1 KB per call"),
        ("memory", "growth < 1 MiB per 0 calls"),
        ("memory", "growth < 1 per 100 calls"),
        ("memory", "p95 < 1 MiB"),
        ("latency", "p95 < 5 MiB"),
        ("latency", "p95 < 5 MiB per call"),
    ],
)
def test_what_is_not_clear_is_an_error(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        limits(text, KINDS[kind])


@given(st.text(max_size=80), st.sampled_from(sorted(KINDS)))
def test_any_text_is_read_or_refused(text: str, kind: str) -> None:
    with contextlib.suppress(ValueError):
        assert limits(text, KINDS[kind])


def test_a_long_text_is_refused_in_linear_time() -> None:
    for text in ("p95 " * 25_000, "9" * 100_000, "< " * 50_000, "a" * 100_000):
        with pytest.raises(ValueError, match=r"\w"):
            limits(text, KINDS["latency"])


def test_absurd_numbers_are_refused_at_once() -> None:
    for text in (">= 1e20000000%", f">= {'9' * 5_000}%", ">= 1e999 %"):
        with pytest.raises(ValueError, match=r"\w"):
            limits(text, KINDS["coverage"])
    (limit,) = limits("== 1e20000000", KINDS["config"])
    assert limit.quantity.value == "1e20000000"


@pytest.mark.parametrize(
    ("unit", "meanings"),
    [("KB", ("kB", "KiB")), ("K", ("kB", "KiB")), ("mb", ("MB", "megabits")), ("G", ("GB", "GiB"))],
)
def test_a_size_that_fits_two_things_is_told_with_both(
    unit: str, meanings: tuple[str, str]
) -> None:
    with pytest.raises(ValueError, match="fits two things") as caught:
        limits(f"peak < 5 {unit}", KINDS["memory"])
    assert all(meaning in str(caught.value) for meaning in meanings)


@given(numbers, st.sampled_from(["B", "KiB", "MiB", "GiB", "kB", "MB", "GB"]), st.integers(1, 9999))
def test_sizes_convert_exactly(number: str, unit: str, calls: int) -> None:
    power = {"K": 1, "k": 1, "M": 2, "G": 3}.get(unit[0], 0)
    factor = (1024 if "i" in unit else 1000) ** power
    assert quantity(number, unit, "size").value == Fraction(number) * factor
    growth = quantity(number, f"{unit} per {calls} calls", "growth")
    assert growth.value == Fraction(number) * factor / calls
