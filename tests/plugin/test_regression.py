"""`regression`: benchmarks of the change and of the base, side by side, in real runs.

Changes here are large, so that a busy machine decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

CODE = """
def count(n):
    total = 0
    for i in range(n):
        total += i * i
    return total


def same():
    return count(2000)


def changed():
    return count(2000)
"""
TEST = """
import pytest
import work

def test_same(benchmark):
    assert benchmark(work.same) > 0

def test_changed(benchmark):
    made = []
    def setup():
        made.append(1)
        return (), {}
    assert benchmark.pedantic(work.changed, setup=setup, rounds=3) > 0
    assert made

def test_no_benchmark():
    assert work.same()
"""


@pytest.fixture
def timed(project: Project) -> Project:
    project.write("src/work.py", CODE)
    project.write("tests/perf/test_speed.py", TEST)
    project.config("testpaths = tests\npythonpath = src\n")
    project.write(".gitignore", "__pycache__\nreport.json\njunit.xml\nstd*\nrunpytest-*\n")
    return project


def spec(project: Project, *gates: str) -> None:
    lines = "".join(f"  - {{id: g{number}, {gate}}}\n" for number, gate in enumerate(gates))
    project.spec(f"spec: x\ngates:\n{lines}")


def sentence(outcome: Outcome, name: str = "g0") -> str:
    told: str = outcome.gate(name)["sentence"]
    return told


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_what_is_slower_fails_and_what_is_not_passes(
    timed: Project, workers: tuple[str, ...]
) -> None:
    spec(
        timed,
        "regression: latency <= base + 30 %, of: tests/perf/test_speed.py::test_same",
        "regression: latency <= base + 30 %, of: tests/perf/test_speed.py::test_changed",
        "regression: throughput >= base - 25 %",
        "regression: latency <= base + 30 %, of: tests/unit",
    )
    timed.commit_base()
    before, changed, after = CODE.partition("def changed")
    timed.write("src/work.py", before + changed + after.replace("2000", "5000"))
    # The benchmarks of the change are run on both: on the base this one does other work.
    timed.write("tests/perf/test_speed.py", TEST.replace("work.same) > 0", "work.same) > 1"))
    outcome = timed.run(*workers)
    assert outcome.statuses == {
        "g0": "passed",
        "g1": "failed",
        "g2": "failed",
        "g3": "unmeasured",
    }
    assert sentence(outcome, "g1").startswith("+1")
    assert "(tests/perf/test_speed.py::test_changed), required latency <= base + 30 %" in sentence(
        outcome, "g1"
    )
    assert "1 of 2 subjects miss it" in sentence(outcome, "g2")
    assert "no benchmark matches tests/unit" in sentence(outcome, "g3")
    (value,) = outcome.gate("g0")["checks"][0]["measurement"]["values"]
    assert value["samples"] == len(value["pairs"]) >= 2
    assert "side by side" in outcome.gate("g0")["checks"][0]["evidence"][0]
    assert timed.git("worktree", "list").count("\n") == 1


def test_what_the_base_does_not_have(timed: Project) -> None:
    spec(timed, "regression: latency <= base + 30 %")
    timed.commit_base()
    timed.write("src/work.py", CODE + "\n\ndef fresh():\n    return count(10)\n")
    timed.write(
        "tests/perf/test_speed.py",
        "import work\n\ndef test_fresh(benchmark):\n    benchmark(work.fresh)\n",
    )
    outcome = timed.run()
    assert outcome.statuses["g0"] == "unmeasured"
    assert "test_fresh: failed on the base: " in sentence(outcome)
    assert "has no attribute 'fresh'" in sentence(outcome)


def test_a_drift_is_seen_since_a_release(timed: Project) -> None:
    """Each step is within what is tolerated; all of them together are not."""
    spec(
        timed,
        "regression: latency <= base + 60 %, of: tests/perf/test_speed.py::test_same",
        "regression: latency <= base + 60 %, of: tests/perf/test_speed.py::test_same, since: v1",
        "regression: latency <= base + 60 %, of: tests/perf/test_speed.py::test_same, since: v9",
    )
    timed.write("src/work.py", CODE.replace("2000", "1000"))
    timed.commit_base()
    timed.git("tag", "v1")
    timed.write("src/work.py", CODE.replace("2000", "2400"))
    timed.commit_base()
    timed.write("src/work.py", CODE.replace("2000", "2900"))
    outcome = timed.run()
    assert outcome.statuses == {"g0": "passed", "g1": "failed", "g2": "unmeasured"}
    assert "on v1 (" in outcome.gate("g1")["checks"][0]["evidence"][0]
    assert sentence(outcome, "g2") == '"v9" is not a ref here'


def test_nothing_to_compare_with(timed: Project) -> None:
    spec(timed, "regression: latency <= base + 30 %")
    outcome = timed.run()
    assert outcome.statuses["g0"] == "unmeasured"
    assert "there is no git repository" in sentence(outcome)
    timed.commit_base()
    assert timed.run().statuses["g0"] == "not-applicable"


def test_the_code_of_the_change_is_not_that_of_the_base(timed: Project) -> None:
    src = str(timed.root / "src")
    timed.write("tests/conftest.py", f"import sys\nsys.path.insert(0, {src!r})\n")
    timed.config("testpaths = tests\n")
    spec(timed, "regression: latency <= base + 30 %, of: tests/perf/test_speed.py::test_same")
    timed.commit_base()
    timed.write("src/work.py", CODE + "\n")
    outcome = timed.run()
    assert outcome.statuses["g0"] == "unmeasured"
    assert "the base imported src/work.py of this change instead of its own" in sentence(outcome)
