"""What `conforms` gates ask of the fields of records: keys, nulls, times, statistics."""

from __future__ import annotations

import datetime
import json
import statistics
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_specgates import pipeline
from pytest_specgates.measure.conforms_fields import Seen, Wanted, duplicates, statistic, watcher
from pytest_specgates.model import Surroundings, Verdict

KINDS = pipeline.kinds()
NOW = datetime.datetime.now(datetime.timezone.utc)


def judged(root: Path, keys: str) -> Verdict:
    text = f"spec: x\ngates:\n  - {{conforms: any.json, of: data, {keys}}}\n"
    file = pipeline.load({"x.spec.yaml": text}, KINDS).files["x.spec.yaml"]
    assert file.all_errors == []
    (gate,) = file.gates
    return pipeline.judge(gate, pipeline.measure(gate, KINDS, Surroundings(root=root)))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "any.json").write_text('{"type": "object"}')
    (tmp_path / "data").mkdir()
    return tmp_path


def write(root: Path, name: str, *records: Any) -> None:
    lines = "".join(f"{json.dumps(record)}\n" for record in records)
    (root / "data" / name).write_text(lines)


def ago(**by: float) -> str:
    return (NOW - datetime.timedelta(**by)).isoformat()


@pytest.mark.parametrize(
    ("keys", "status", "told"),
    [
        ("records: 4", "passed", ""),
        ("records: '>= 5'", "unmeasured", "too few to judge by: 4 (data), required records >= 5"),
        ("must: '>= 100 %'", "passed", "100 %"),
        ("unique: id", "failed", "b.jsonl:2: its id stands at data/a.jsonl:1 already"),
        ("unique: [id, name]", "passed", "duplicates of id, name == 0"),
        ("unique: gone", "unmeasured", "no record has gone"),
        ("unique: email", "failed", "2 of 4 records have none, which is one key"),
        ("nulls: {email: '<= 50 %'}", "passed", "2 of 4 records have none"),
        ("nulls: {email: '< 50 %'}", "failed", "50 % (email)"),
        ("nulls: {a.b: '<= 75 %'}", "passed", ""),
        ("nulls: {/a/b: '< 75 %'}", "failed", "75 % (/a/b)"),
        ("nulls: {gone: '< 100 %'}", "failed", "100 % (gone)"),
        ("newest: {at: '< 2 h'}", "passed", "2 of 4 lie in the future, and are not counted"),
        ("newest: {at: '< 30 min'}", "failed", "(at), required age of newest at < 30 min"),
        ("newest: {gone: '< 30 min'}", "unmeasured", "no record has a time in gone"),
        ("newest: {name: '< 30 min'}", "unmeasured", "4 of 4 are no date or time"),
        ("range: {price: 'median between 1.5 and 2'}", "passed", "3 of 4 records have a number"),
        ("range: {price: 'median > 2'}", "failed", "2 (price), required median price > 2"),
        ("range: {price: 'mean == 1.4'}", "passed", "1.4"),
        ("range: {price: 'max <= 2.1, min >= 0.1'}", "passed", ""),
        ("range: {price: 'max < 2.1'}", "failed", "2.1 (price)"),
        ("range: {price: 'between 0.2 and 3'}", "failed", "0.1 (price), required price >= 0.2"),
        ("range: {price: 'p90 <= 2'}", "failed", "2.1"),
        ("range: {name: 'max < 3'}", "unmeasured", "no record has a number in name"),
    ],
)
def test_fields_are_judged(root: Path, keys: str, status: str, told: str) -> None:
    write(
        root,
        "a.jsonl",
        {"id": 1, "name": "a", "email": "x", "at": ago(hours=1), "price": 0.1, "a": {"b": 0}},
        {"id": 2, "name": "a", "email": None, "at": ago(hours=-1), "price": 2},
    )
    write(
        root,
        "b.jsonl",
        {"id": 3, "name": "a", "email": "y", "at": ago(days=9), "price": 2.1, "a": {}},
        {"id": 1.0, "name": "b", "at": "2999-01-01", "price": "9", "a": [1]},
    )
    verdict = judged(root, keys)
    said = [line for r in verdict.results for line in (r.sentence, r.required, *r.evidence)]
    assert verdict.status == status, said
    assert any(told in line for line in (verdict.sentence, *said)), said


def test_checks_of_one_gate_share_a_pass_with_those_of_the_schema(root: Path) -> None:
    write(root, "a.jsonl", {"id": 1}, {"id": 1}, [])
    verdict = judged(root, "must: errors <= 1, unique: id, records: 2")
    found = [(result.status, result.measured) for result in verdict.results]
    assert found == [("passed", "1"), ("passed", "3"), ("failed", "1")]


VALUES = st.lists(
    st.integers(-5, 5) | st.floats(-1e6, 1e6) | st.none() | st.text(max_size=1), max_size=30
)


@settings(deadline=None)
@given(VALUES, st.integers(0, 30), st.sampled_from(["mean", "median", "min", "max", "p90"]))
def test_parts_come_to_what_the_whole_comes_to(values: list[Any], cut: int, name: str) -> None:
    numbers = [Fraction(repr(one)) for one in values if isinstance(one, (int, float))]
    what = {"mean": "mean", "min": "extremes", "max": "extremes"}.get(name, "each")
    looked_at, keys = Wanted(what, ("a",)), Wanted("unique", ("a",))
    parts: list[dict[Wanted, Seen]] = []
    for piece in (values[:cut], values[cut:]):
        seen: dict[Wanted, Seen] = {}
        look = watcher((looked_at, keys), seen)
        assert look is not None
        look([{"a": one} for one in piece], range(1, len(piece) + 1))
        parts.append(seen)
    whole, numbers_of_all = Seen(), Seen()
    for before, part in zip((0, min(cut, len(values))), parts, strict=True):
        whole.add(part[keys], before)
        numbers_of_all.add(part[looked_at], before)
    count, shown = duplicates([whole], 100)
    distinct = {
        json.dumps(int(v) if isinstance(v, float) and v.is_integer() else v) for v in values
    }
    assert (count, len(shown)) == (len(values) - len(distinct), len(values) - len(distinct))
    if numbers:
        (found,) = statistic(name, [numbers_of_all])
        known = {
            "mean": statistics.mean(numbers),
            "median": statistics.median(numbers),
            "min": min(numbers),
            "max": max(numbers),
            "p90": sorted(numbers)[-(-9 * len(numbers) // 10) - 1],
        }
        assert found == known[name]
