"""Row 41: "Performance targets met" stands in a spec that states no target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

PROSE = "Performance targets met"
JUNIT = "specs.x.spec.yaml.quality_gates::performance-targets-met"


@pytest.fixture
def fast(project: Project) -> Project:
    project.write("tests/test_perf.py", "def test_fast(benchmark):\n    benchmark(int)\n")
    project.write(
        "pytest.ini",
        """
        [pytest]
        addopts = -p no:cacheprovider -p no:randomly --benchmark-max-time=0.01
        testpaths = tests
        """,
    )
    return project


def test_targets_that_nobody_states_are_unbound(fast: Project) -> None:
    fast.spec(
        f"""
        spec: x
        gates:
          - {{id: works, tests: all pass}}
        quality_gates:
          - {PROSE}
        """
    )
    outcome = fast.run()
    gate = outcome.gate("::performance-targets-met")
    assert (gate["status"], gate["blocking"]) == ("unbound", True)
    assert gate["criterion"] == PROSE
    assert "refers to nothing" in gate["sentence"]
    assert gate["next_step"]
    assert outcome.gate("::works")["status"] == "passed"
    assert outcome.junit[JUNIT] == "failure"
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, 1)


def test_the_targets_of_another_spec_do_not_count(fast: Project) -> None:
    fast.spec(f"spec: x\nquality_gates:\n  - {PROSE}\n")
    fast.spec("spec: y\ngates:\n  - {id: speed, latency: mean < 10 s}\n", name="y")
    outcome = fast.run()
    assert outcome.gate("::speed")["status"] == "passed"
    assert outcome.gate("::performance-targets-met")["status"] == "unbound"
    assert (outcome.verdict, outcome.exit, outcome.junit[JUNIT]) == ("failed", 1, "failure")


@pytest.mark.parametrize(
    ("limit", "status", "junit", "exit_code"),
    [("10 s", "passed", "passed", 0), ("1 ns", "failed", "failure", 1)],
)
def test_a_target_that_is_stated_decides(
    fast: Project, limit: str, status: str, junit: str, exit_code: int
) -> None:
    fast.spec(
        f"""
        spec: x
        gates:
          - {{id: speed, latency: mean < {limit}}}
        quality_gates:
          - {PROSE}
        """
    )
    outcome = fast.run()
    assert outcome.gate("::performance-targets-met")["status"] == status
    assert (outcome.junit[JUNIT], outcome.exit) == (junit, exit_code)
