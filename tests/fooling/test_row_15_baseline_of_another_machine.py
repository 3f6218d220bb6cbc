"""Row 15: a run is compared with one that another machine has saved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml"
COMPARED = ("--benchmark-compare", "--benchmark-compare-fail=mean:5%")
PROSE = {
    "No regression in speed": "no-regression-in-speed",
    "No slower than 5% over the baseline": "no-slower-than-5-percent-over-the-baseline",
    "Benchmarks are at most 5% slower than the baseline": (
        "benchmarks-are-at-most-5-percent-slower-than-the-baseline"
    ),
}


@pytest.fixture
def elsewhere(clocked: Project) -> Project:
    """A saved run that says it comes from a machine that is slower."""
    clocked.write("times.json", json.dumps([1.0] * 60))
    assert clocked.run_bare("--benchmark-autosave").exit == 0
    (saved,) = clocked.root.glob(".benchmarks/*/*.json")
    stored = json.loads(saved.read_text("utf-8"))
    stored["machine_info"]["node"] = "another"
    stored["machine_info"]["cpu"] = {"brand_raw": "a slow one"}
    saved.write_text(json.dumps(stored), encoding="utf-8")
    clocked.write("times.json", json.dumps([0.5] * 60))
    return clocked


def test_the_benchmark_tool_only_warns(elsewhere: Project) -> None:
    assert elsewhere.run_bare(*COMPARED).exit == 0


@pytest.mark.parametrize(
    ("limit", "status", "junit", "exit_code"),
    [("300 ms", "failed", "failure", 1), ("600 ms", "passed", "passed", 0)],
)
def test_the_gate_compares_with_its_own_limit(
    elsewhere: Project, limit: str, status: str, junit: str, exit_code: int
) -> None:
    elsewhere.spec(f"spec: x\ngates:\n  - {{id: p95, latency: p95 < {limit}}}\n")
    outcome = elsewhere.run(*COMPARED)
    gate = outcome.gate("::p95")
    assert (gate["status"], gate["measured"]) == (status, "500 ms")
    assert gate["checks"][0]["limit"] == float(limit.split()[0]) / 1000
    assert outcome.junit[f"{JUNIT}::p95"] == junit
    assert (outcome.verdict, outcome.exit) == (status, exit_code)


def test_a_criterion_against_a_baseline_does_not_pass(elsewhere: Project) -> None:
    lines = "".join(f"  - {text}\n" for text in PROSE)
    elsewhere.spec(f"spec: x\nquality_gates:\n{lines}")
    outcome = elsewhere.run(*COMPARED)
    for text, name in PROSE.items():
        gate = outcome.gate(f"::{name}")
        assert gate["criterion"] == text
        assert (gate["status"], gate["blocking"]) == ("unbound", True), gate["sentence"]
        assert (gate["measured"], gate["checks"]) == (None, [])
        assert outcome.junit[f"{JUNIT}.quality_gates::{name}"] == "failure"
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, len(PROSE))
