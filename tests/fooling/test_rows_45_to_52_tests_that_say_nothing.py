"""Rows 45 to 52: tests that say nothing, or that nobody hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

JUNIT = "specs.x.spec.yaml::unit"
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])


@pytest.fixture
def unit(project: Project) -> Project:
    """A gate on all tests of tests/unit."""
    project.config("testpaths = tests\n")
    project.spec("spec: x\ngates:\n  - {id: unit, tests: all pass, of: tests/unit}\n")
    return project


def blocks(outcome: Outcome, status: str, told: str) -> None:
    gate = outcome.gate("unit")
    assert (gate["status"], gate["blocking"]) == (status, True), gate
    assert told in gate["sentence"] + " ".join(
        line for check in gate["checks"] for line in check["evidence"]
    )
    assert (outcome.verdict, outcome.exit != 0, outcome.junit[JUNIT]) == ("failed", True, "failure")


@workers
def test_row_45_parametrized_over_nothing(unit: Project, workers: tuple[str, ...]) -> None:
    """No set of parameters is left: pytest makes one skipped test of it, and exits 0."""
    unit.write(
        "tests/unit/test_a.py",
        """
        import pytest

        @pytest.mark.parametrize("case", [])
        def test_case(case):
            assert 0
        """,
    )
    assert unit.run_bare().exit == 0
    blocks(unit.run(*workers), "unmeasured", "no test of tests/unit passed: 1 skipped")


def test_row_46_file_that_pytest_does_not_take_for_tests(unit: Project) -> None:
    unit.write("tests/unit/check_a.py", "def test_a():\n    assert 0\n")
    unit.write("tests/other/test_b.py", "def test_b():\n    pass\n")
    assert unit.run_bare().exit == 0
    blocks(unit.run(), "unmeasured", "no test matches tests/unit")


@workers
def test_row_47_module_skips_itself(unit: Project, workers: tuple[str, ...]) -> None:
    unit.write(
        "tests/unit/test_a.py",
        """
        import pytest

        pytest.importorskip("a_module_that_nobody_has")

        def test_a():
            assert 0
        """,
    )
    unit.write("tests/other/test_b.py", "def test_b():\n    pass\n")
    assert unit.run_bare().exit == 0
    blocks(unit.run(*workers), "unmeasured", "no test of tests/unit passed: 1 skipped")


@workers
def test_row_48_expected_to_fail_and_does(unit: Project, workers: tuple[str, ...]) -> None:
    unit.write(
        "tests/unit/test_a.py",
        """
        import pytest

        @pytest.mark.xfail
        def test_a():
            assert 0
        """,
    )
    assert unit.run_bare().exit == 0
    blocks(unit.run(*workers), "unmeasured", "no test of tests/unit passed: 1 xfailed")


@workers
def test_row_49_clean_up_fails_after_the_test_has_passed(
    unit: Project, workers: tuple[str, ...]
) -> None:
    unit.write(
        "tests/unit/test_a.py",
        """
        import pytest

        @pytest.fixture
        def database():
            yield
            raise RuntimeError("rows were left behind")

        def test_a(database):
            pass
        """,
    )
    blocks(unit.run(*workers), "failed", "1 of 1 failing")


def test_row_50_module_cannot_be_imported_and_the_run_goes_on(unit: Project) -> None:
    unit.write("tests/unit/test_a.py", "def test_a():\n    pass\n")
    unit.write("tests/unit/test_b.py", "import a_module_that_nobody_has\n")
    outcome = unit.run("--continue-on-collection-errors")
    blocks(outcome, "unmeasured", "tests/unit/test_b.py could not be collected")


def test_row_51_options_of_the_environment_leave_tests_out(
    unit: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit.write("tests/unit/test_a.py", "def test_a():\n    pass\ndef test_slow():\n    assert 0\n")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--deselect tests/unit/test_a.py::test_slow")
    assert unit.run_bare().exit == 0
    told = "1 of its tests were not selected, tests/unit/test_a.py::test_slow first"
    blocks(unit.run(), "unmeasured", told)


def test_row_52_another_configuration_file_leaves_tests_out(unit: Project) -> None:
    """`-c` names a configuration in which the failing tests are not collected."""
    unit.write("tests/unit/test_a.py", "def test_a():\n    pass\n")
    unit.write("tests/unit/api_test.py", "def test_b():\n    assert 0\n")
    unit.config("testpaths = tests\npython_files = test_*.py\n", "quick.ini")
    assert unit.run_bare("-c", "quick.ini").exit == 0
    blocks(unit.run("-c", "quick.ini"), "unmeasured", "tests/unit was not collected as a whole")
    # One that collects the same tests may differ in all else.
    unit.config("testpaths = tests\nlog_level = INFO\n", "same.ini")
    (unit.root / "tests/unit/api_test.py").unlink()
    assert unit.run("-c", "same.ini").exit == 0
