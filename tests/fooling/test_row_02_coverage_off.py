"""Row 2: coverage is off (`--no-cov`, `-p no:cov`), or nobody gave `--cov`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::"
SPEC = """
spec: x
gates:
  - {id: low, coverage: ">= 90%", of: src}
  - {id: high, coverage: ">= 95%", of: src}
"""
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])


@workers
@pytest.mark.parametrize(
    ("off", "word"),
    [(("--no-cov",), "--no-cov"), (("-p", "no:cov"), "no:cov")],
    ids=["no-cov", "no-plugin"],
)
def test_coverage_that_is_off_is_unmeasured(
    shop: Project, off: tuple[str, ...], word: str, workers: tuple[str, ...]
) -> None:
    shop.spec(SPEC)
    outcome = shop.run(*off, *workers)
    for name in ("low", "high"):
        gate = outcome.gate(name)
        assert (gate["status"], gate["blocking"]) == ("unmeasured", True)
        assert word in gate["sentence"]
        assert gate["measured"] is None
        assert outcome.junit[JUNIT + name] == "failure"
    assert (outcome.verdict, outcome.exit) == ("failed", 1)


def test_the_floor_of_the_coverage_report_is_ignored(shop: Project) -> None:
    assert shop.run_bare("--cov=src", "--cov-fail-under=95", "--no-cov").exit == 0


@workers
def test_coverage_that_nobody_asked_for_is_switched_on(
    shop: Project, workers: tuple[str, ...]
) -> None:
    shop.spec(SPEC)
    outcome = shop.run(*workers)
    assert outcome.report["notes"] == ["switched on for the gates: coverage of src"]
    low, high = outcome.gate("low"), outcome.gate("high")
    assert (low["status"], low["blocking"], low["measured"]) == ("passed", False, "90 %")
    assert (high["status"], high["blocking"], high["measured"]) == ("failed", True, "90 %")
    assert "required line coverage >= 95%" in high["sentence"]
    assert (outcome.junit[JUNIT + "low"], outcome.junit[JUNIT + "high"]) == ("passed", "failure")
    assert (outcome.verdict, outcome.exit) == ("failed", 1)


def test_nothing_is_switched_on_without_a_coverage_gate(shop: Project) -> None:
    shop.spec("spec: x\ngates:\n  - {id: unit, tests: all pass, of: tests/unit}\n")
    outcome = shop.run()
    assert (outcome.verdict, outcome.exit, outcome.report["notes"]) == ("passed", 0, [])


def test_coverage_of_something_else_is_no_measurement(shop: Project) -> None:
    shop.write("other/__init__.py", "")
    shop.spec("spec: x\ngates:\n  - {id: floor, coverage: '>= 80%', of: src}\n")
    gate = shop.run("--cov=other").gate("floor")
    assert (gate["status"], gate["blocking"]) == ("unmeasured", True)
    assert "src was not measured" in gate["sentence"]
