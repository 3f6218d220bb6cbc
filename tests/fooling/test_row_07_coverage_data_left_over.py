"""Row 7: coverage data that an earlier run left over are added to those of this run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::floor"
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
REFUSED = "\n\ndef test_refused():\n    try:\n        shop.price(-1, 1)\n    except ValueError:\n"


@pytest.fixture
def left(shop: Project) -> Project:
    """The data of a run that covered all of src/shop.py, and a suite that covers 90 % of it."""
    test = shop.root / "tests/unit/test_shop.py"
    now = test.read_text("utf-8")
    test.write_text(f"{now}{REFUSED}        pass\n", encoding="utf-8")
    assert shop.run_bare("-p", "no:specgates", "--cov=src", "--cov-fail-under=100").exit == 0
    assert (shop.root / ".coverage").is_file()
    test.write_text(now, encoding="utf-8")
    shop.spec("spec: x\ngates:\n  - {id: floor, coverage: '>= 95%', of: src}\n")
    return shop


@pytest.mark.parametrize(
    "given", [(), ("--cov=src",), ("-n", "2")], ids=["alone", "given", "workers"]
)
def test_only_the_data_of_this_run_count(left: Project, given: tuple[str, ...]) -> None:
    outcome = left.run(*given)
    gate = outcome.gate("floor")
    assert (gate["status"], gate["blocking"], gate["measured"]) == ("failed", True, "90 %")
    assert (outcome.verdict, outcome.exit, outcome.junit[JUNIT]) == ("failed", 1, "failure")


@workers
def test_so_with_a_file_that_waits_to_be_combined(left: Project, workers: tuple[str, ...]) -> None:
    (left.root / ".coverage").rename(left.root / ".coverage.host.4242.XAbcdefx")
    outcome = left.run(*workers)
    gate = outcome.gate("floor")
    assert (gate["status"], gate["blocking"], gate["measured"]) == ("failed", True, "90 %")
    assert (outcome.verdict, outcome.exit, outcome.junit[JUNIT]) == ("failed", 1, "failure")


def test_data_that_are_appended_to_are_no_measurement(left: Project) -> None:
    outcome = left.run("--cov-append")
    gate = outcome.gate("floor")
    assert (gate["status"], gate["blocking"]) == ("unmeasured", True)
    assert "--cov-append" in gate["sentence"]
    assert gate["measured"] is None
    assert (outcome.verdict, outcome.exit, outcome.junit[JUNIT]) == ("failed", 1, "failure")


def test_the_floor_of_the_coverage_report_lets_it_pass(left: Project) -> None:
    assert left.run_bare("--cov=src", "--cov-append", "--cov-fail-under=100").exit == 0
