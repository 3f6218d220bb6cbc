"""Row 13: the p95 of no sample at all counts as 0, which is under any limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_a_benchmark_without_a_sample_is_unmeasured(
    project: Project, workers: tuple[str, ...]
) -> None:
    project.write("tests/test_perf.py", "def test_idle(benchmark):\n    assert benchmark\n")
    project.config("testpaths = tests\n")
    project.spec(
        """
        spec: x
        gates:
          - {id: p95, latency: p95 < 200 ms, of: tests/test_perf.py}
          - {id: mean, latency: mean < 200 ms, of: "tests/test_perf.py::test_idle"}
          - {id: least, throughput: ">= 1/s", of: tests/test_perf.py}
          - {id: ran, latency: measured, of: tests/test_perf.py}
          - {id: any, latency: p95 < 200 ms}
        """
    )
    outcome = project.run(*workers)
    for name in ("p95", "mean", "least", "ran", "any"):
        gate = outcome.gate(f"::{name}")
        assert (gate["status"], gate["blocking"]) == ("unmeasured", True), gate["sentence"]
        assert "no benchmark of" in gate["sentence"]
        assert gate["measured"] is None
        assert gate["checks"][0]["samples"] == 0
        assert outcome.junit[f"specs.x.spec.yaml::{name}"] == "failure"
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, 5)
    assert project.run_bare("--benchmark-compare-fail=mean:1%").exit == 0
