"""Row 11: the benchmark of a gate is renamed, deleted, skipped or disabled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::"
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
GONE = {
    "renamed": "no benchmark matches",
    "deleted": "no benchmark matches",
    "plain": "no benchmark matches",
    "skips": "(skipped)",
    "marked": "(skipped)",
}


@pytest.fixture
def timed(project: Project) -> Project:
    """A benchmark, and gates on others that are not what they were."""
    project.write(
        "tests/test_perf.py",
        """
        import pytest

        def test_there(benchmark):
            benchmark(int)

        def test_renamed_since(benchmark):
            benchmark(int)

        def test_plain():
            int()

        def test_skips(benchmark):
            pytest.skip("later")

        @pytest.mark.skip(reason="later")
        def test_marked(benchmark):
            benchmark(int)
        """,
    )
    names = ("there", *GONE)
    gate = '  - {{id: {0}, latency: p95 < 10 s, of: "tests/test_perf.py::test_{0}"}}\n'
    project.spec("spec: x\ngates:\n" + "".join(gate.format(name) for name in names))
    project.write(
        "pytest.ini",
        """
        [pytest]
        addopts = -p no:cacheprovider -p no:randomly --benchmark-max-time=0.01
        testpaths = tests
        """,
    )
    return project


@workers
def test_a_benchmark_that_is_gone(timed: Project, workers: tuple[str, ...]) -> None:
    outcome = timed.run(*workers)
    there = outcome.gate("::there")
    assert (there["status"], there["blocking"]) == ("passed", False), there["sentence"]
    assert outcome.junit[JUNIT + "there"] == "passed"
    for name in GONE:
        gate = outcome.gate(f"::{name}")
        assert (gate["status"], gate["blocking"]) == ("unmeasured", True), gate["sentence"]
        assert gate["measured"] is None
        assert outcome.junit[JUNIT + name] == "failure"
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, len(GONE))
    for name, word in GONE.items():
        assert word in outcome.gate(f"::{name}")["sentence"]


@workers
@pytest.mark.parametrize("option", ["--benchmark-disable", "--benchmark-skip"])
def test_benchmarks_that_are_disabled(
    timed: Project, option: str, workers: tuple[str, ...]
) -> None:
    outcome = timed.run(option, *workers)
    gate = outcome.gate("::there")
    assert (gate["status"], gate["blocking"]) == ("unmeasured", True), gate["sentence"]
    assert "no benchmark of" in gate["sentence"]
    assert outcome.junit[JUNIT + "there"] == "failure"
    assert (outcome.verdict, outcome.exit) == ("failed", 1)


def test_the_benchmark_tool_passes_without_a_benchmark(timed: Project) -> None:
    limit = "--benchmark-compare-fail=mean:1%"
    assert timed.run_bare("--benchmark-disable", limit).exit == 0
