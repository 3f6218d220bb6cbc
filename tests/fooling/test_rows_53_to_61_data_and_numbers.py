"""Rows 53 to 61: data that are not what they seem, and numbers that are read too kindly."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

JUNIT = "specs.x.spec.yaml::g"
SCHEMA = """
{"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "minimum": 1}}}
"""


def judged(project: Project, gate: str, *arguments: str) -> Outcome:
    project.spec(f"spec: x\ngates:\n  - {{id: g, {gate}}}\n")
    return project.run(*arguments)


def blocks(outcome: Outcome, status: str, told: str) -> None:
    gate = outcome.gate("g")
    assert (gate["status"], gate["blocking"]) == (status, True), gate
    evidence = " ".join(line for check in gate["checks"] for line in check["evidence"])
    assert told in f"{gate['sentence']} {evidence}"
    assert (outcome.verdict, outcome.exit, outcome.junit[JUNIT]) == ("failed", 1, "failure")


@pytest.fixture
def records(project: Project) -> Project:
    project.write("schema.json", SCHEMA)
    return project


def test_row_53_the_last_of_two_equal_keys_hides_the_first(records: Project) -> None:
    """JSON of which a reader takes the second `id`, and another reader the first."""
    records.write("data/a.jsonl", '{"id": -1, "id": 1}\n{"id": 2}\n')
    blocks(judged(records, "conforms: schema.json, of: data/*.jsonl"), "failed", "1 of 2")


def test_row_54_a_list_without_a_record(records: Project) -> None:
    records.write("data/a.json", "[]\n")
    blocks(judged(records, "conforms: schema.json, of: data/*.json"), "failed", "")


def test_row_55_files_without_a_record(records: Project) -> None:
    records.write("data/a.jsonl", "\n\n")
    blocks(judged(records, "conforms: schema.json, of: data/*.jsonl"), "unmeasured", "no record")


def test_row_56_a_schema_that_refers_to_nothing_but_itself(records: Project) -> None:
    records.write("schema.json", '{"$ref": "#"}')
    records.write("data/a.jsonl", '{"id": -1}\n')
    outcome = judged(records, "conforms: schema.json, of: data/*.jsonl")
    assert outcome.gate("g")["status"] in ("error", "unmeasured")
    assert (outcome.verdict, outcome.exit, outcome.junit[JUNIT]) == ("failed", 1, "failure")


def test_row_57_a_keyword_that_is_misspelt_asserts_nothing(records: Project) -> None:
    """`requird` and `minimun` are no keywords: every object is valid."""
    records.write("schema.json", '{"type": "object", "requird": ["id"]}')
    records.write("data/a.jsonl", '{"name": "x"}\n')
    blocks(judged(records, "conforms: schema.json, of: data/*.jsonl"), "error", "requird")


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="links cannot be made here")
def test_row_58_a_link_stands_for_the_data(records: Project) -> None:
    outside = records.root.parent / f"{records.root.name}-outside"
    outside.mkdir()
    (outside / "good.jsonl").write_text('{"id": 1}\n', encoding="utf-8")
    (records.root / "data").symlink_to(outside)
    blocks(judged(records, "conforms: schema.json, of: data/*.jsonl"), "error", "leads out")


@pytest.mark.parametrize(
    ("gate", "told"),
    [
        ("latency: p95 < 500", "unit"),
        ("coverage: '>= 0.9'", "0.9"),
        ("coverage: '>= 9O%'", "9O%"),
        ("latency: p95 < 1.000.000 ms", "1.000.000"),
        ("throughput: '>= 100'", "unit"),
        ("latency: p950 < 500 ms", "p950"),
        ("coverage: 90% or so", "or so"),
    ],
)
def test_row_59_a_number_without_a_unit_or_with_a_slip(
    project: Project, gate: str, told: str
) -> None:
    """Read kindly, `< 500` is 500 s, `0.9` is less than 1 %, and `9O%` is 9 %."""
    outcome = judged(project, f"{gate}, of: tests" if "of:" not in gate else gate)
    assert outcome.exit in (1, 2)
    assert told in outcome.output
    assert outcome.verdict == "failed"


def test_row_60_the_name_of_a_benchmark_begins_like_another(project: Project) -> None:
    """The slow `test_price` is gone; `test_price_cached` is fast."""
    project.write(
        "tests/test_speed.py",
        """
        def test_price_cached(benchmark):
            benchmark.pedantic(int, rounds=70)
        """,
    )
    outcome = judged(project, 'latency: mean < 1 s, of: "tests/test_speed.py::test_price"')
    blocks(outcome, "unmeasured", "no benchmark matches tests/test_speed.py::test_price")


def test_row_61_a_slow_parameter_among_fast_ones(project: Project) -> None:
    """The mean over all sets of parameters holds; that of one of them does not."""
    project.write(
        "tests/test_speed.py",
        """
        import pytest

        now = 0.0

        def clock():
            return now

        def work(step):
            global now
            now += step

        @pytest.mark.benchmark(timer=clock)
        @pytest.mark.parametrize("step", [0.1, 0.1, 0.1, 2.0])
        def test_speed(benchmark, step):
            benchmark.pedantic(work, args=(step,), rounds=70)
        """,
    )
    outcome = judged(project, 'latency: mean < 1 s, of: "tests/test_speed.py::test_speed"')
    blocks(outcome, "failed", "test_speed[2.0]")
