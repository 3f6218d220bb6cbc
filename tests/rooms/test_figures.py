"""`value` gates: the grammar of free names, their units, and the probe."""

from __future__ import annotations

import contextlib
import math
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_specgates import pipeline
from pytest_specgates.judge.compare import compare
from pytest_specgates.judge.in_words import display
from pytest_specgates.model import (
    Check,
    Figure,
    Measurement,
    RunEvidence,
    Samples,
    Shard,
    Surroundings,
    TestRef,
    TestResult,
    Value,
    Verdict,
)
from pytest_specgates.report.shard_file import read_shard, render_shard
from pytest_specgates.understand.condition import OPERATORS, limits
from pytest_specgates.understand.quantity import canonical

KINDS = pipeline.kinds()
VALUE = KINDS["value"]
UNITS = {"": "", "%": "%", "ms": "s", "MB": "B", "KiB": "B", "tracks/min": "tracks/s", "px": "px"}


def made(text: str) -> list[tuple[object, ...]]:
    return [
        (x.statistic, x.metric, x.op, x.quantity.value, x.quantity.unit)
        for x in limits(text, VALUE)
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("accuracy >= 0.9", [(None, "accuracy", ">=", Fraction(9, 10), "")]),
        ("accuracy>=0.9", [(None, "accuracy", ">=", Fraction(9, 10), "")]),
        (
            "F1 > 0.8 and recall >= 0.75",
            [(None, "F1", ">", Fraction(4, 5), ""), (None, "recall", ">=", Fraction(3, 4), "")],
        ),
        ("a < 1, b < 1,000", [(None, "a", "<", 1, ""), (None, "b", "<", 1000, "")]),
        ("size <= 3 MB", [(None, "size", "<=", 3_000_000, "B")]),
        ("size <= 3MiB", [(None, "size", "<=", 3 * 2**20, "B")]),
        ("error_rate < 1%", [(None, "error_rate", "<", 1, "%")]),
        ("drift at most 1.5 ms", [(None, "drift", "<=", Fraction(3, 2000), "s")]),
        ("speed >= 120 tracks/min", [(None, "speed", ">=", 2, "tracks/s")]),
        ("speed over 3 per s", [(None, "speed", ">", 3, "1/s")]),
        ("bandwidth >= 1 MB/s", [(None, "bandwidth", ">=", 10**6, "B/s")]),
        ("width <= 80 px", [(None, "width", "<=", 80, "px")]),
        ("delta >= -0.5", [(None, "delta", ">=", Fraction(-1, 2), "")]),
        ("mean accuracy >= 0.9", [("mean", "accuracy", ">=", Fraction(9, 10), "")]),
        ("average top-5.acc > 1e-3", [("mean", "top-5.acc", ">", Fraction(1, 1000), "")]),
        ("mean >= 2", [(None, "mean", ">=", 2, "")]),
        ("under-run < 5", [(None, "under-run", "<", 5, "")]),
        ("5xx == 0", [(None, "5xx", "==", 0, "")]),
    ],
)
def test_limits_of_a_free_name(text: str, read: list[tuple[object, ...]]) -> None:
    assert made(text) == read
    assert all(limit.is_named_freely for limit in limits(text, VALUE))


@pytest.mark.parametrize(
    "text",
    [
        ">= 0.9",
        "accuracy",
        "accuracy 0.9",
        "accuracy >= good",
        "0.9 <= accuracy",
        "accuracy >= 0.9 recall >= 0.8",
        "accuracy >= 0.9 and",
        "accuracy >= 0.9 (macro)",
        "p95 accuracy >= 0.9",
        "the mean accuracy >= 0.9",
        "accuracy >= 0.9.1",
        "accuracy >= base",
        "size <= 3 Mb",
        "size <= 3 M",
        "time <= 3 m",
        "rate >= 3 k/s",
        "a >= 3 MB and a <= 5 s",
    ],
)
def test_what_is_not_clear_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        limits(text, VALUE)


names = st.from_regex(r"[a-z][a-z0-9_.-]{0,12}", fullmatch=True).filter(lambda n: n != "and")
numbers = st.decimals(-(10**9), 10**9, places=4).map(lambda d: f"{d:f}")


@given(
    names,
    st.sampled_from(sorted(OPERATORS)),
    numbers,
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(["", "mean", "median", "min", "max"]),
)
def test_a_limit_written_and_read_is_the_same(
    name: str, op: str, number: str, unit: str, statistic: str
) -> None:
    (limit,) = limits(f"{statistic} {name} {op} {number} {unit}", VALUE)
    assert (limit.metric, limit.statistic or "", limit.op) == (name, statistic, OPERATORS[op])
    assert limit.quantity.value == Fraction(number) * canonical(unit)[1]
    assert limit.quantity.unit == UNITS[unit]
    again = f"{statistic} {name} {limit.op} {limit.quantity.written}"
    assert limits(again, VALUE) == (limit,)


@given(st.text(max_size=60), st.text("<>= .,%/andmsMB059-_x", max_size=60))
def test_any_text_is_read_or_refused(free: str, close: str) -> None:
    for text in (free, close):
        with contextlib.suppress(ValueError):
            assert limits(text, VALUE)


def test_a_long_text_is_refused_in_linear_time() -> None:
    for text in ("a " * 50_000, "a" * 100_000, "a >= " + "9" * 100_000, "a >= 1 " + "b " * 50_000):
        with pytest.raises(ValueError, match=r"\w"):
            limits(text, VALUE)


# --- the probe


def judged(
    condition: str,
    recorded: dict[str, list[Figure]],
    outcomes: dict[str, str] | None = None,
    of: str = "",
) -> Verdict:
    text = f"spec: x\ngates:\n  - value: {condition!r}\n"
    if of:
        text += f"    of: {of}\n"
    file = pipeline.load({"x.spec.yaml": text}, KINDS).files["x.spec.yaml"]
    (gate,) = file.gates
    results = {
        nodeid: TestResult(TestRef(nodeid), (outcomes or {}).get(nodeid, "passed"))
        for nodeid in recorded
    }
    run = RunEvidence(
        results=results,
        collected=frozenset(results),
        roots=(".",),
        figures={nodeid: tuple(figures) for nodeid, figures in recorded.items()},
    )
    around = Surroundings(root=Path("/nowhere-at-all"), run=run)
    return pipeline.judge(gate, pipeline.measure(gate, KINDS, around))


def figure(value: str, name: str = "acc", unit: str = "") -> Figure:
    return Figure(name, Fraction(value), unit, f"{value} {unit}".strip())


A, B = "tests/test_a.py::test_a", "tests/test_a.py::test_b"


def test_every_value_has_to_hold_and_the_worst_is_named() -> None:
    recorded = {A: [figure("0.95"), figure("0.91")], B: [figure("0.97"), figure("0.85")]}
    verdict = judged("acc >= 0.9", recorded)
    assert verdict.status == "failed"
    assert f"0.85 ({B})" in verdict.sentence
    assert verdict.next_step == f'pytest "{B}"'
    assert verdict.results[0].evidence[1] == f"{B}: 2 of acc, 0.85 to 0.97"
    assert judged("acc > 0.84 and acc < 0.98", recorded).status == "passed"
    assert judged("acc < 0.97", recorded).status == "failed"
    assert judged("acc == 0.97", recorded).status == "failed"
    assert judged("acc != 0.95", recorded).status == "failed"
    assert judged("acc != 0.9", recorded).status == "passed"


@pytest.mark.parametrize(
    ("condition", "status", "measured"),
    [
        ("mean acc >= 0.9", "passed", "0.9"),
        ("mean acc > 0.9", "failed", "0.9"),
        ("median acc >= 0.93", "passed", "0.93"),
        ("min acc >= 0.8", "passed", "0.8"),
        ("max acc <= 0.94", "failed", "0.95"),
    ],
)
def test_statistics_are_of_all_values(condition: str, status: str, measured: str) -> None:
    recorded = {A: [figure("0.95"), figure("0.94")], B: [figure("0.92"), figure("0.8")]}
    if condition.startswith("mean"):
        recorded[A].append(figure("0.89"))
    verdict = judged(condition, recorded)
    assert (verdict.status, verdict.measured) == (status, measured)
    assert verdict.results[0].samples == sum(map(len, recorded.values()))


def test_nothing_recorded_is_unmeasured_and_names_what_was() -> None:
    verdict = judged("accuracy >= 0.9", {A: [figure("1", "acuracy")]})
    assert verdict.status == "unmeasured"
    assert verdict.sentence == 'no test recorded `accuracy`; did you mean "acuracy"?'
    verdict = judged("accuracy >= 0.9", {A: [figure("1", "f1")]}, of="tests/test_a.py")
    assert "no test of tests/test_a.py recorded `accuracy`; recorded: f1" in verdict.sentence
    verdict = judged("accuracy >= 0.9", {A: []}, {A: "skipped"})
    assert verdict.sentence == f"no test recorded `accuracy` ({A} skipped)"


@pytest.mark.parametrize("outcome", ["failed", "error", "skipped", "xfailed"])
def test_what_a_test_that_did_not_pass_recorded_does_not_count(outcome: str) -> None:
    recorded = {A: [figure("0.95")], B: [figure("0.96")]}
    verdict = judged("acc >= 0.9", recorded, {B: outcome})
    assert verdict.status == "unmeasured"
    assert f"{B} {outcome}" in verdict.sentence
    assert judged("acc >= 0.9", recorded, {B: outcome}, of=A).status == "passed"


def test_a_test_that_failed_before_it_recorded_leaves_a_gap() -> None:
    recorded = {A: [figure("0.95")], B: [figure("1", "other")]}
    assert judged("acc >= 0.9", recorded).status == "passed"
    verdict = judged("acc >= 0.9", recorded, {B: "failed"})
    assert (verdict.status, B in verdict.sentence) == ("unmeasured", True)
    assert judged("acc >= 0.9", recorded, {B: "skipped"}).status == "passed"


@pytest.mark.parametrize(
    ("condition", "unit", "told"),
    [
        ("acc >= 90%", "", "without a unit"),
        ("acc >= 0.9", "%", "in %"),
        ("acc >= 0.9 s", "B", "in s"),
        ("acc >= 1/s", "req/s", "in req/s"),
    ],
)
def test_units_are_never_guessed(condition: str, unit: str, told: str) -> None:
    verdict = judged(condition, {A: [figure("0.93", unit=unit)]})
    assert verdict.status == "error"
    assert told in verdict.sentence


def test_a_name_that_means_something_elsewhere_means_nothing_here() -> None:
    for name in ("exit", "missing", "invalid", "failing", "attestations", "weakenings", "value"):
        verdict = judged(f"{name} <= -2", {A: [figure("-1.5", name)], B: [figure("-3", name)]})
        assert verdict.status == "failed"
        assert verdict.sentence.startswith(f"-1.5 ({A}), required {name} <= -2; 1 of 2")


def check(condition: str) -> Check:
    (limit,) = limits(condition, VALUE)
    return Check(
        "value", limit.metric, limit.op, limit.quantity, limit.statistic, is_named_freely=True
    )


@pytest.mark.parametrize(
    ("condition", "value", "shown"),
    [
        ("x >= 0.9", "0.93", "0.93"),
        ("x >= 0.9", "0.89999999", "0.89999999"),
        ("x < 0.001", "0.00012", "0.00012"),
        ("x < 3", "3.14159265", "3.142"),
        ("x < 3", "1234567", "1,234,567"),
        ("x < 3", "-12.346", "-12.35"),
        ("x < 3 MB", "2500000", "2.5 MB"),
        ("x < 3 kB", "3000", "3 kB"),
        ("x < 1%", "0.5", "0.5 %"),
        ("x < 10 ms", "0.012", "12 ms"),
        ("x >= 120 tracks/min", "1.5", "90 tracks/min"),
        ("x >= 1 MB/s", "999999", "999,999 B/s"),
        ("x < 80 px", "79.5", "79.5 px"),
    ],
)
def test_values_as_they_are_shown(condition: str, value: str, shown: str) -> None:
    assert display(Fraction(value), check(condition)) == shown


@given(
    st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
    st.fractions(-(10**6), 10**6, max_denominator=10**6),
    st.decimals(-(10**6), 10**6, places=5),
)
def test_the_display_stands_on_the_side_of_the_verdict(
    op: str, value: Fraction, limit: Decimal
) -> None:
    one = check(f"x {op} {limit:f}")
    shown = display(value, one).replace(",", "")
    assert status(one, Fraction(shown)) == status(one, value)


def status(check: Check, value: Fraction | float) -> str:
    return compare(check, Measurement((Value("", value),))).status


def test_nan_is_an_error() -> None:
    for value in (math.nan, math.inf):
        assert status(check("x >= 0.9"), value) == "error"


# --- shards


@settings(deadline=None)  # the first one imports jsonschema
@given(st.fractions(), st.text(max_size=5), st.floats(0, 1e9), st.integers(0, 9))
def test_a_shard_keeps_what_was_recorded(
    value: Fraction, unit: str, seconds: float, lost: int
) -> None:
    run = RunEvidence(
        figures={A: (Figure("acc", value, unit, f"{value} {unit}"),), B: ()},
        samples={A: Samples((0.5, seconds), 1, "measure: x", lost, seconds)},
    )
    shard = Shard(1, 1, "", None, "", {}, {}, "", "", evidence=run)
    read = read_shard(render_shard(shard)).evidence
    assert (read.figures, read.samples) == (run.figures, run.samples)


# --- the key


@pytest.mark.parametrize(
    "item",
    ["{metric: latency, value: 500 ms}", "value: 90", "{name: p95, value: [1, 2]}", "{values: 3}"],
)
def test_a_key_that_people_use_for_other_things_names_no_gate_there(item: str) -> None:
    text = f"spec: x\nmetrics:\n  - {item}\n  - value: accuracy >= 0.9\n"
    file = pipeline.load({"x.spec.yaml": text}, KINDS).files["x.spec.yaml"]
    assert not file.all_errors
    assert [c.kind for gate in file.gates for c in gate.checks] == ["value"]


@pytest.mark.parametrize("slip", ["off: tests", "lvel: may", "idd: a", "reson: b"])
def test_a_slip_beside_it_is_an_error_and_not_left_out(slip: str) -> None:
    text = f"spec: x\ngates:\n  - {{value: accuracy >= 0.9, {slip}}}\n"
    file = pipeline.load({"x.spec.yaml": text}, KINDS).files["x.spec.yaml"]
    assert [f'unknown key "{slip.partition(":")[0]}"' in str(e) for e in file.all_errors] == [True]
