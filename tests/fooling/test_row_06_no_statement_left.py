"""Row 6: pragmas, `omit` and `exclude_also` hide the code, and 0 of 0 lines is called 100 %."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::floor"
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
TEST = """
import sys, pathlib
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "src"))
import till

def test_till():
    assert till
"""
PLAIN = """
def add(a, b):
    if a:
        return a + b
    return b


def never(a):
    b = a
    return b
"""
EVERYTHING = [
    (
        "pragma",
        "if True:  # pragma: no cover\n" + PLAIN.replace("\n", "\n    "),
        "",
        "lines excluded",
    ),
    ("exclude_also", PLAIN, "[report]\nexclude_also = .*\n", "lines excluded"),
    ("omit", PLAIN, "[run]\nomit = src/*\n", "omitted"),
]


def write(project: Project, code: str, configuration: str = "", gate: str = ">= 1%") -> None:
    project.write("src/till.py", code)
    project.write("tests/test_till.py", TEST)
    project.write(".coveragerc", configuration)
    project.config("testpaths = tests\n")
    project.spec(f"spec: x\ngates:\n  - {{id: floor, coverage: '{gate}', of: src}}\n")


@workers
@pytest.mark.parametrize(
    ("code", "configuration", "word"),
    [case[1:] for case in EVERYTHING],
    ids=[case[0] for case in EVERYTHING],
)
def test_a_scope_without_a_statement_is_unmeasured(
    project: Project, code: str, configuration: str, word: str, workers: tuple[str, ...]
) -> None:
    write(project, code, configuration)
    outcome = project.run(*workers)
    gate = outcome.gate("floor")
    assert (gate["status"], gate["blocking"]) == ("unmeasured", True), gate["sentence"]
    assert gate["measured"] is None
    assert word in gate["sentence"]
    assert word in outcome.output
    assert outcome.junit[JUNIT] == "failure"
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, 1)


def test_so_is_each_file_by_itself_and_a_scope_without_a_branch(project: Project) -> None:
    write(project, "A = 1  # pragma: no cover\n")
    project.write("lib/flat.py", "A = 1\n")
    project.spec(
        """
        spec: x
        gates:
          - {id: file, coverage: ">= 1%", of: src, per: file}
          - {id: directory, coverage: ">= 1%", of: src, per: directory}
          - {id: branch, coverage: "branch >= 1%", of: lib}
        """
    )
    outcome = project.run()
    for name in ("file", "directory", "branch"):
        gate = outcome.gate(f"::{name}")
        assert (gate["status"], gate["measured"]) == ("unmeasured", None), gate["sentence"]
    assert "no branch to cover" in outcome.gate("::branch")["sentence"]
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, 3)


def test_the_floor_of_the_coverage_report_lets_it_pass(project: Project) -> None:
    write(project, PLAIN, "[report]\nexclude_also = .*\n")
    assert project.run_bare("--cov=src", "--cov-fail-under=100").exit == 0


def test_excluded_lines_and_omitted_files_are_counted_and_shown(project: Project) -> None:
    hidden = "def hidden(a):  # pragma: no cover\n    b = a\n    return b\n"
    write(project, f"A = 1\n{hidden}", "[run]\nomit = src/left_out.py\n", ">= 100%")
    project.write("src/left_out.py", "A = 1\n")
    outcome = project.run()
    gate = outcome.gate("floor")
    assert (gate["status"], gate["measured"]) == ("passed", "100 %"), gate["sentence"]
    (check,) = gate["checks"]
    assert "src: 1 files, 1 statements, 3 lines excluded, 1 files omitted" in check["evidence"]
    assert check["samples"] == 1
    assert (outcome.verdict, outcome.exit, outcome.junit[JUNIT]) == ("passed", 0, "passed")
