"""`coverage run -m pytest --spec-gates`: what was started before pytest measures it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Project


@pytest.fixture
def measured(project: Project) -> Project:
    project.write("src/shop.py", "def price(x):\n    if x:\n        return x\n    return 0\n")
    project.write("src/unused.py", "x = 1\n")
    project.write("tests/test_a.py", "import shop\n\ndef test_a():\n    assert shop.price(1)\n")
    project.config("testpaths = tests\npythonpath = src\n")
    project.spec(
        "spec: x\nscope: src\ngates:\n"
        "  - {id: g0, coverage: '>= 60%'}\n  - {id: g1, coverage: branch >= 50%}\n"
    )
    return project


def run(project: Project, *arguments: str, options: tuple[str, ...] = ()) -> dict[str, Any]:
    strict = () if "-n" in arguments else ("-W", "error")
    command = [sys.executable, *strict, "-m", "coverage", "run", "--source=src", *options]
    command += ["-m", "pytest", "--spec-gates", "--spec-gates-report=json:report.json", *arguments]
    subprocess.run(command, cwd=project.root, capture_output=True, check=False)
    report: dict[str, Any] = json.loads((project.root / "report.json").read_text("utf-8"))
    return report


def test_it_is_read_and_goes_on(measured: Project) -> None:
    measured.write(
        "tests/conftest.py",
        "def pytest_sessionfinish():\n    import late\n",
    )
    measured.write("src/late.py", "y = 1\n")
    report = run(measured, options=("--branch",))
    assert [gate["measured"] for gate in report["gates"]] == ["50 %", "50 %"]
    command = [sys.executable, "-m", "coverage", "json", "-q", "-o", "-"]
    done = subprocess.run(command, cwd=measured.root, check=True, capture_output=True)
    files = json.loads(done.stdout)["files"]
    assert files["src/shop.py"]["missing_lines"] == [4]
    assert files["src/late.py"]["missing_lines"] == []  # also what ran after the gates
    assert files["src/unused.py"]["missing_lines"] == [1]


def test_branches_that_it_does_not_measure(measured: Project) -> None:
    report = run(measured)
    assert [gate["status"] for gate in report["gates"]] == ["passed", "unmeasured"]
    assert "branches were not measured" in report["gates"][1]["sentence"]


def test_workers_are_measured_by_the_gates(measured: Project) -> None:
    report = run(measured, "-n", "2")
    assert [gate["measured"] for gate in report["gates"]] == ["60 %", "50 %"]
    assert any("coverage of src with branches" in note for note in report["notes"])


def test_a_shard_under_it(measured: Project) -> None:
    command = [sys.executable, "-m", "coverage", "run", "--branch", "--source=src", "-m", "pytest"]
    command += ["--spec-gates", "--spec-gates-shard=1/1:one.json"]
    subprocess.run(command, cwd=measured.root, capture_output=True, check=True)
    merge = [sys.executable, "-m", "pytest_specgates", "merge", "one.json", "--report=json:m.json"]
    subprocess.run(merge, cwd=measured.root, capture_output=True, check=True)
    report = json.loads((measured.root / "m.json").read_text("utf-8"))
    assert [gate["measured"] for gate in report["gates"]] == ["60 %", "50 %"]
