"""Row 14: a slow run is saved, the next one is compared with it and passes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::"
COMPARED = ("--benchmark-autosave", "--benchmark-compare", "--benchmark-compare-fail=mean:5%")
SPEC = """
spec: x
gates:
  - {id: p95, latency: p95 < 300 ms, of: tests}
  - {id: rate, throughput: ">= 3/s", of: tests}
"""


@pytest.fixture
def slow(clocked: Project) -> Project:
    """A fast run is saved, and then a slow one, which the benchmark tool does not let pass."""
    fail = ("--benchmark-compare-fail=mean:5%",)
    clocked.write("times.json", json.dumps([0.25] * 60))
    assert clocked.run_bare("--benchmark-autosave").exit == 0
    clocked.write("times.json", json.dumps([0.5] * 60))
    assert clocked.run_bare("--benchmark-autosave", "--benchmark-compare", *fail).exit != 0
    assert len(list(clocked.root.glob(".benchmarks/*/*.json"))) == 2
    clocked.spec(SPEC)
    return clocked


def test_the_benchmark_tool_lets_the_rerun_pass(slow: Project) -> None:
    assert slow.run_bare(*COMPARED).exit == 0


@pytest.mark.parametrize(
    "more", [COMPARED, (), ("-n", "2")], ids=["compared", "not compared", "workers"]
)
def test_the_gate_judges_the_samples_of_this_run(slow: Project, more: tuple[str, ...]) -> None:
    outcome = slow.run(*more)
    for name, measured in (("p95", "500 ms"), ("rate", "2 /s")):
        gate = outcome.gate(f"::{name}")
        assert (gate["status"], gate["blocking"]) == ("failed", True), gate["sentence"]
        assert gate["measured"] == measured
        assert gate["checks"][0]["samples"] == 60
        assert outcome.junit[JUNIT + name] == "failure"
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, 2)


def test_a_run_that_is_fast_again_passes_whatever_was_saved(slow: Project) -> None:
    slow.write("times.json", json.dumps([0.25] * 59))
    outcome = slow.run(*COMPARED)
    assert outcome.statuses == {"p95": "passed", "rate": "passed"}
    assert outcome.gate("::p95")["checks"][0]["samples"] == 59
    assert (outcome.verdict, outcome.exit) == ("passed", 0)


def test_a_saved_run_is_no_benchmark_of_this_run(slow: Project) -> None:
    (slow.root / "tests/test_speed.py").write_text("def test_speed():\n    pass\n", "utf-8")
    outcome = slow.run(*COMPARED[1:])
    assert outcome.statuses == {"p95": "unmeasured", "rate": "unmeasured"}
    assert (outcome.verdict, outcome.exit) == ("failed", 1)
