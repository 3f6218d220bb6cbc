"""Which gates a run judges: whole runs, narrowed runs, specs that are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

SPEC = """
spec: x
scope: src
gates:
  - tests: all pass
    of: tests/unit
    id: unit
  - tests: all pass
    id: all
  - coverage: ">= 90%"
    id: coverage
  - exists: src/shop.py
    id: exists
"""
ALL_PASSED = {"unit": "passed", "all": "passed", "coverage": "passed", "exists": "passed"}


@pytest.fixture
def two(shop: Project) -> Project:
    shop.spec(SPEC)
    shop.write("tests/other/test_other.py", "def test_other(): pass\n")
    return shop


@pytest.mark.parametrize("testpaths", ["testpaths = tests\n", ""], ids=["testpaths", "none"])
@pytest.mark.parametrize("arguments", [(), ("tests",), (".",), ("tests/",), ("tests", "specs")])
def test_a_whole_run_judges_everything(
    two: Project, testpaths: str, arguments: tuple[str, ...]
) -> None:
    two.config(testpaths)
    result = two.run(*arguments)
    assert result.statuses == ALL_PASSED
    assert (result.exit, result.verdict) == (0, "passed")


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["serial", "-n 2"])
@pytest.mark.parametrize(
    "argument", ["tests/unit", "tests/unit/test_shop.py", "tests/unit/test_shop.py::test_price"]
)
def test_a_narrowed_run_says_that_it_judges_nothing(
    two: Project, argument: str, more: tuple[str, ...]
) -> None:
    result = two.run(argument, *more)
    assert result.exit == 0
    assert result.report["gates"] == []
    assert len(result.report["not_judged"]) == 4
    assert result.verdict == "incomplete"
    assert f"not judged, only {argument} was run" in result.output


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["serial", "-n 2"])
def test_a_spec_named_with_a_part_of_the_tests(two: Project, more: tuple[str, ...]) -> None:
    result = two.run("tests/unit", "specs/x.spec.yaml", *more)
    assert result.statuses == {
        "unit": "passed",
        "all": "unmeasured",
        "coverage": "unmeasured",
        "exists": "passed",
    }
    assert result.exit == 1
    assert "partial run" in result.gate("all")["sentence"]


def test_the_folder_of_the_specs_alone(two: Project) -> None:
    result = two.run("specs")
    (told,) = [note for note in result.report["notes"] if "`spec` markers" in note]
    assert told.startswith("only specs was run")
    assert result.statuses == {
        "unit": "unmeasured",
        "all": "unmeasured",
        "coverage": "unmeasured",
        "exists": "passed",
    }


@pytest.mark.parametrize(
    "options",
    [
        ("--ignore", "tests/other"),
        ("--ignore=tests/other",),
        ("--deselect", "tests/other/test_other.py::test_other"),
        ("-k", "price or exists or unit or all or coverage"),
    ],
    ids=lambda options: options[0],
)
def test_options_that_leave_tests_out(two: Project, options: tuple[str, ...]) -> None:
    statuses = two.run(*options).statuses
    assert statuses["all"] == "unmeasured"
    assert statuses["coverage"] == "unmeasured"
    assert statuses["unit"] == "passed"
    assert statuses["exists"] == "passed"


def test_the_environment_leaves_tests_out(two: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--ignore=tests/other")
    result = two.run()
    assert result.statuses["all"] == "unmeasured"
    assert "--ignore=tests/other leaves tests out" in result.gate("::all")["sentence"]


def test_what_the_configuration_leaves_out_is_the_projects_whole_run(two: Project) -> None:
    two.write(
        "pytest.ini",
        "[pytest]\ntestpaths = tests\naddopts = -p no:randomly --ignore=tests/other\n",
    )
    assert two.run().statuses == ALL_PASSED


def test_a_hook_that_drops_tests_silently_makes_the_run_partial(two: Project) -> None:
    two.write(
        "conftest.py",
        """
        def pytest_collection_modifyitems(items):
            items[:] = [item for item in items if "other" not in item.nodeid]
        """,
    )
    assert two.run().statuses == {**ALL_PASSED, "all": "unmeasured", "coverage": "unmeasured"}


def test_a_test_file_that_cannot_be_collected(two: Project) -> None:
    two.write("tests/other/test_broken.py", "import nowhere\n")
    result = two.run("--continue-on-collection-errors")
    assert result.statuses["all"] == "unmeasured"
    assert "could not be collected" in result.gate("all")["sentence"]
    stopped = two.run()
    assert (stopped.exit, stopped.verdict) == (2, "incomplete")
    assert stopped.report["interrupted"]


def test_started_from_a_folder_of_the_project(two: Project) -> None:
    (two.root / "tests" / "report.json").unlink(missing_ok=True)
    import os

    os.chdir(two.root / "tests")
    try:
        result = two.run()
    finally:
        os.chdir(two.root)
    assert "4 gates in 1 spec file" in result.output


def test_no_spec_is_an_error_that_says_how_to_write_the_first(shop: Project) -> None:
    result = shop.run()
    assert result.exit == 4
    assert "no spec found" in result.output
    assert "specs/project.spec.yaml" in result.output


def test_without_the_option_nothing_is_judged(two: Project) -> None:
    result = two.run_bare("-v")
    assert "gate" not in result.output.replace("specgates", "")
    assert result.exit == 0
