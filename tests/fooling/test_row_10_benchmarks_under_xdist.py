"""Row 10: under `-n 2` pytest-benchmark turns its benchmarks off, and nothing is timed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::"


@pytest.fixture
def timed(project: Project) -> Project:
    project.write(
        "tests/perf/test_perf.py",
        """
        import time

        def test_fast(benchmark):
            benchmark(int)

        def test_slow(benchmark):
            benchmark(time.sleep, 0.003)
        """,
    )
    project.write(
        "pytest.ini",
        """
        [pytest]
        addopts = -p no:cacheprovider -p no:randomly --benchmark-max-time=0.05
        testpaths = tests
        """,
    )
    project.spec(
        """
        spec: x
        gates:
          - {id: quick, latency: p95 < 1 ms, of: "tests/perf/test_perf.py::test_fast"}
          - {id: tardy, latency: p95 < 1 ms, of: "tests/perf/test_perf.py::test_slow"}
          - {id: rate, throughput: ">= 1000/s", of: "tests/perf/test_perf.py::test_slow"}
        """
    )
    return project


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_benchmarks_are_measured_properly(timed: Project, workers: tuple[str, ...]) -> None:
    outcome = timed.run(*workers)
    quick, tardy, rate = (outcome.gate(name) for name in ("quick", "tardy", "rate"))
    assert (quick["status"], quick["blocking"]) == ("passed", False), quick["sentence"]
    for slow in (tardy, rate):
        assert (slow["status"], slow["blocking"]) == ("failed", True), slow["sentence"]
        assert "test_slow" in slow["sentence"]
    assert "ms" in tardy["measured"]
    assert tardy["checks"][0]["value"] >= 0.003
    for gate in (quick, tardy):
        assert gate["checks"][0]["samples"] >= 59
    assert [outcome.junit[JUNIT + name] for name in ("quick", "tardy", "rate")] == [
        "passed",
        "failure",
        "failure",
    ]
    assert (outcome.verdict, outcome.exit) == ("failed", 1)
    if workers:
        assert "in a quiet process" in str(tardy["checks"][0]["evidence"])


def test_the_benchmark_tool_times_nothing_and_passes(timed: Project) -> None:
    assert timed.run_bare("--benchmark-compare-fail=mean:1%", "-n", "2").exit == 0
