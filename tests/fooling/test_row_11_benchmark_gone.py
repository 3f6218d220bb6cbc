"""Row 11: the benchmark of a gate is renamed, deleted, skipped or disabled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

JUNIT = "specs.x.spec.yaml::speed"
PLAIN = "def test_plain():\n    assert True\n\n"
FAST = "def test_fast(benchmark):\n    benchmark(int)\n"
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])


@pytest.fixture
def timed(project: Project) -> Project:
    project.spec(
        """
        spec: x
        gates:
          - {id: speed, latency: p95 < 10 s, of: "tests/test_perf.py::test_fast"}
        """
    )
    project.write(
        "pytest.ini",
        """
        [pytest]
        addopts = -p no:cacheprovider -p no:randomly --benchmark-max-time=0.01
        testpaths = tests
        """,
    )
    return project


def check(outcome: Outcome, word: str) -> None:
    gate = outcome.gate("speed")
    assert (gate["status"], gate["blocking"]) == ("unmeasured", True), gate["sentence"]
    assert word in gate["sentence"]
    assert gate["measured"] is None
    assert outcome.junit[JUNIT] == "failure"
    assert (outcome.verdict, outcome.exit) == ("failed", 1)


def test_a_benchmark_that_is_there_passes(timed: Project) -> None:
    timed.write("tests/test_perf.py", FAST)
    outcome = timed.run()
    assert (outcome.statuses, outcome.exit) == ({"speed": "passed"}, 0)


GONE = {
    "renamed": (FAST.replace("test_fast", "test_faster"), "no benchmark matches"),
    "deleted": (PLAIN, "no benchmark matches"),
    "no benchmark any more": ("def test_fast():\n    int()\n", "no benchmark"),
    "skips itself": (
        FAST.replace("benchmark(int)", "__import__('pytest').skip('later')"),
        "(skipped)",
    ),
    "marked": ("import pytest\n\n@pytest.mark.skip(reason='later')\n" + FAST, "(skipped)"),
}


@pytest.mark.parametrize("how", GONE)
def test_a_benchmark_that_is_gone(timed: Project, how: str) -> None:
    tests, word = GONE[how]
    timed.write("tests/test_perf.py", tests)
    check(timed.run(), word)


@pytest.mark.parametrize("how", ["renamed", "marked"])
def test_a_benchmark_that_is_gone_under_workers(timed: Project, how: str) -> None:
    tests, word = GONE[how]
    timed.write("tests/test_perf.py", tests)
    check(timed.run("-n", "2"), word)


def test_a_file_of_benchmarks_that_is_gone(timed: Project) -> None:
    timed.write("tests/test_other.py", PLAIN)
    check(timed.run(), "no benchmark matches")


@workers
@pytest.mark.parametrize("option", ["--benchmark-disable", "--benchmark-skip"])
def test_benchmarks_that_are_disabled(
    timed: Project, option: str, workers: tuple[str, ...]
) -> None:
    timed.write("tests/test_perf.py", FAST)
    if not workers:
        assert timed.run_bare(option, "--benchmark-compare-fail=mean:1%").exit == 0
    check(timed.run(option, *workers), "no benchmark of")
