"""Row 2: coverage is off (`--no-cov`, `-p no:cov`), or nobody gave `--cov`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::floor"
SPEC = """
spec: x
gates:
  - coverage: ">= FLOOR%"
    of: src
    id: floor
"""
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])


@workers
@pytest.mark.parametrize(
    ("off", "word"), [(("--no-cov",), "--no-cov"), (("-p", "no:cov"), "no:cov")]
)
def test_coverage_that_is_off_is_unmeasured(
    shop: Project, off: tuple[str, ...], word: str, workers: tuple[str, ...]
) -> None:
    shop.spec(SPEC.replace("FLOOR", "50"))
    outcome = shop.run(*off, *workers)
    gate = outcome.gate("floor")
    assert (gate["status"], gate["blocking"]) == ("unmeasured", True)
    assert word in gate["sentence"]
    assert gate["measured"] is None
    assert (outcome.verdict, outcome.exit) == ("failed", 1)
    assert outcome.junit[JUNIT] == "failure"


@workers
def test_the_floor_of_the_coverage_report_is_ignored(
    shop: Project, workers: tuple[str, ...]
) -> None:
    assert shop.run_bare("--cov=src", "--cov-fail-under=95", "--no-cov", *workers).exit == 0


@workers
@pytest.mark.parametrize(
    ("floor", "status", "junit", "exit_code"),
    [("90", "passed", "passed", 0), ("95", "failed", "failure", 1)],
)
def test_coverage_that_nobody_asked_for_is_switched_on(
    shop: Project, floor: str, status: str, junit: str, exit_code: int, workers: tuple[str, ...]
) -> None:
    shop.spec(SPEC.replace("FLOOR", floor))
    outcome = shop.run(*workers)
    gate = outcome.gate("floor")
    assert (gate["status"], gate["measured"]) == (status, "90 %")
    assert gate["blocking"] == (status == "failed")
    assert (outcome.verdict, outcome.exit) == (status, exit_code)
    assert outcome.junit[JUNIT] == junit
    assert outcome.report["notes"] == ["switched on for the gates: coverage of src"]


@workers
def test_nothing_is_switched_on_without_a_coverage_gate(
    shop: Project, workers: tuple[str, ...]
) -> None:
    shop.spec("spec: x\ngates:\n  - tests: all pass\n    of: tests/unit\n")
    outcome = shop.run(*workers)
    assert (outcome.verdict, outcome.exit, outcome.report["notes"]) == ("passed", 0, [])
