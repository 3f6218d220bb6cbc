"""Row 1: coverage of 89.6 % or 89.96 % is rounded up to the 90 % that is required."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::floor"


def write_module(project: Project, covered: int, statements: int) -> None:
    """src/big.py: importing it covers so many of its statements, and nothing the others."""
    reached = [f"A{n} = {n}" for n in range(covered - 1)]
    missed = [f"    b{n} = {n}" for n in range(statements - covered)]
    project.write("src/big.py", "\n".join([*reached, "def never():", *missed]) + "\n")
    project.write(
        "tests/test_big.py",
        """
        import sys, pathlib
        sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "src"))
        import big

        def test_big():
            assert big.A1 == 1
        """,
    )
    project.config("testpaths = tests\n")
    project.spec(
        """
        spec: x
        gates:
          - coverage: ">= 90%"
            of: src
            id: floor
        """
    )


@pytest.mark.parametrize(
    ("covered", "statements", "shown"), [(112, 125, "89.6 %"), (2249, 2500, "89.96 %")]
)
def test_coverage_just_under_the_floor_fails(
    project: Project, covered: int, statements: int, shown: str
) -> None:
    write_module(project, covered, statements)
    outcome = project.run()
    gate = outcome.gate("floor")
    assert (gate["status"], gate["blocking"]) == ("failed", True)
    assert gate["measured"] == shown
    assert shown in gate["sentence"]
    assert gate["checks"][0]["value"] == covered * 100 / statements
    assert (outcome.verdict, outcome.exit) == ("failed", 1)
    assert outcome.junit[JUNIT] == "failure"
    assert shown in outcome.output
    for rounded in ("90 % (src)", "90.0 %"):
        assert rounded not in outcome.output


def test_the_floor_of_the_coverage_report_lets_it_pass(project: Project) -> None:
    write_module(project, 112, 125)
    assert project.run_bare("--cov=src", "--cov-fail-under=90").exit == 0


def test_exactly_the_floor_passes(project: Project) -> None:
    write_module(project, 90, 100)
    outcome = project.run()
    assert outcome.gate("floor")["status"] == "passed"
    assert outcome.gate("floor")["measured"] == "90 %"
    assert (outcome.verdict, outcome.exit, outcome.junit[JUNIT]) == ("passed", 0, "passed")
