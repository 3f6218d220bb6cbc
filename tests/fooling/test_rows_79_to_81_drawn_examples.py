"""Rows 79 to 81: examples that are drawn, and show nothing."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Project


def test_row_79_a_function_that_never_comes_to_a_result(project: Project) -> None:
    """Every call raises what the gate lets it raise, or no argument is valid: zero results are
    wrong, of zero."""
    project.write("src/app.py", "def f(a):\n    raise ValueError(a)\n")
    project.write("schemas/a.json", '{"required": ["a"], "properties": {"a": {"type": "null"}}}')
    project.write("schemas/none.json", '{"required": ["a"], "properties": {"a": false}}')
    project.write("tests/test_a.py", "def test_a(): pass\n")
    project.config("testpaths = tests\npythonpath = src\nspecgates_allow = call\n")
    project.spec(
        """
        spec: x
        gates:
          - {id: raises, takes: schemas/a.json, of: app:f, raises: ValueError}
          - {id: none, takes: schemas/none.json, of: app:f}
        """
    )
    outcome = project.run()
    assert outcome.exit == 1
    assert outcome.statuses == {"raises": "unmeasured", "none": "unmeasured"}


def test_row_80_a_schema_that_accepts_every_result(project: Project) -> None:
    project.write("schemas/open.json", '{"title": "a track", "allOf": [{}]}')
    project.spec(
        """
        spec: x
        gates:
          - {id: r, returns: schemas/open.json, of: app:f}
          - {id: c, compatible: schemas/open.json}
        """
    )
    command = [sys.executable, "-m", "pytest_specgates", "prove"]
    done = subprocess.run(command, cwd=project.root, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout.count("CANNOT FAIL") == 2, done.stdout


def test_row_81_a_schema_that_is_renamed_when_it_gets_narrower(project: Project) -> None:
    """As a new file it would have no base, and nothing to be compatible with."""
    text = '{"type": "object", "properties": {"name": {"type": "string", "maxLength": 100}}}'
    project.write("schemas/old.json", text)
    project.write("tests/test_a.py", "def test_a(): pass\n")
    project.commit_base()
    project.git("mv", "schemas/old.json", "schemas/new.json")
    project.write("schemas/new.json", text.replace("100", "90"))
    project.spec("spec: x\ngates:\n  - {id: g, compatible: schemas/new.json}\n")
    project.git("add", "-A")
    project.git("commit", "-q", "-m", "change")
    outcome = project.run()
    assert outcome.exit == 1
    assert outcome.statuses == {"g": "failed"}
