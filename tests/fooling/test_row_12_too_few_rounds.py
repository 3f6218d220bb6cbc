"""Row 12: a benchmark with one round, or a few, decides about a percentile."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::"
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
SPEC = """
spec: x
gates:
  - {id: p99, latency: p99 < 1 s}
  - {id: p95, latency: p95 < 1 s}
  - {id: p90, latency: p90 < 1 s}
  - {id: median, latency: median < 1 s}
  - {id: mean, latency: mean < 1 s}
  - {id: max, latency: max < 1 s}
  - {id: min, latency: min < 1 s}
  - {id: rate, throughput: "> 1/s"}
  - {id: ran, latency: measured}
"""
FEWEST = {"p99": 299, "p95": 59, "p90": 29, "rate": 5, "ran": 1}
FEWEST |= dict.fromkeys(("median", "mean", "max", "min"), 5)


@pytest.mark.parametrize(
    ("rounds", "more"),
    [(1, ()), (1, ("-n", "2")), (5, ()), (58, ()), (298, ()), (299, ())],
    ids=lambda value: value if isinstance(value, int) else " ".join(value),
)
def test_each_statistic_needs_its_samples(
    clocked: Project, rounds: int, more: tuple[str, ...]
) -> None:
    clocked.write("times.json", json.dumps([0.25] * rounds))
    clocked.spec(SPEC)
    outcome = clocked.run(*more)
    lacking = [name for name, fewest in FEWEST.items() if rounds < fewest]
    for name, fewest in FEWEST.items():
        gate = outcome.gate(f"::{name}")
        if name not in lacking:
            assert (gate["status"], gate["blocking"]) == ("passed", False), gate["sentence"]
            assert gate["checks"][0]["samples"] == rounds
            assert outcome.junit[JUNIT + name] == "passed"
            continue
        assert (gate["status"], gate["blocking"]) == ("unmeasured", True), gate["sentence"]
        assert gate["measured"] is None
        assert f"{rounds} samples" in gate["sentence"]
        assert f"at least {fewest}" in gate["sentence"]
        assert outcome.junit[JUNIT + name] == "failure"
    ends = ("failed", 1) if lacking else ("passed", 0)
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == (*ends, len(lacking))


def test_each_benchmark_of_a_gate_needs_them(clocked: Project) -> None:
    clocked.write("times.json", json.dumps([0.25] * 59))
    clocked.write(
        "tests/test_once.py",
        "def test_once(benchmark):\n    benchmark.pedantic(int, rounds=1, iterations=1)\n",
    )
    clocked.spec("spec: x\ngates:\n  - {id: p95, latency: p95 < 1 s}\n")
    gate = clocked.run().gate("::p95")
    assert (gate["status"], gate["blocking"]) == ("unmeasured", True), gate["sentence"]
    assert "tests/test_once.py::test_once: 1 samples" in gate["sentence"]


def test_rounds_that_are_means_of_many_calls_are_no_samples_of_a_tail(project: Project) -> None:
    project.write(
        "tests/test_batch.py",
        "def test_batch(benchmark):\n    benchmark.pedantic(int, rounds=60, iterations=1000)\n",
    )
    project.config("testpaths = tests\n")
    project.spec(
        "spec: x\ngates:\n  - {id: p95, latency: p95 < 1 s}\n  - {id: mean, latency: mean < 1 s}\n"
    )
    outcome = project.run()
    assert outcome.statuses == {"p95": "unmeasured", "mean": "passed"}
    assert "the mean of 1000 calls" in outcome.gate("::p95")["sentence"]
    assert (outcome.verdict, outcome.exit) == ("failed", 1)


@workers
def test_the_options_of_the_benchmark_tool_do_not_lower_it(
    project: Project, workers: tuple[str, ...]
) -> None:
    project.write("tests/test_fast.py", "def test_fast(benchmark):\n    benchmark(int)\n")
    project.config("testpaths = tests\n")
    project.spec("spec: x\ngates:\n  - {id: p95, latency: p95 < 10 s}\n")
    outcome = project.run("--benchmark-min-rounds=1", "--benchmark-max-time=0.000001", *workers)
    gate = outcome.gate("::p95")
    assert gate["status"] == "passed", gate["sentence"]
    assert gate["checks"][0]["samples"] >= 59
    assert (outcome.verdict, outcome.exit, outcome.junit[JUNIT + "p95"]) == ("passed", 0, "passed")
