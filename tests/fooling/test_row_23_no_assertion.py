"""Row 23: a test runs the code, and checks nothing of what comes out.

Nobody can find that for sure, so nothing here claims to: the code counts as covered, the test
as passed, and no report says that anything was checked.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::"


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_no_report_claims_more(project: Project, workers: tuple[str, ...]) -> None:
    project.write("src/sums.py", "def add(a, b):\n    return a - b\n")
    project.write(
        "tests/test_sums.py",
        """
        import sys, pathlib
        sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "src"))
        import sums

        def test_add():
            sums.add(2, 3)
        """,
    )
    project.config("testpaths = tests\n")
    project.spec(
        """
        spec: x
        gates:
          - {id: covered, coverage: ">= 100%", of: src}
          - {id: green, tests: all pass}
        """
    )
    outcome = project.run("-v", "--spec-gates-report=md:report.md", *workers)
    covered, green = outcome.gate("::covered"), outcome.gate("::green")
    assert (covered["status"], covered["measured"]) == ("passed", "100 %")
    assert (green["status"], green["measured"]) == ("passed", "0 of 1 failing")
    assert green["checks"][0]["evidence"] == ["the run: 1 passed"]
    assert (outcome.verdict, outcome.exit) == ("passed", 0)
    assert outcome.junit[f"{JUNIT}covered"] == outcome.junit[f"{JUNIT}green"] == "passed"
    for report in (
        outcome.output,
        json.dumps(outcome.report),
        (project.root / "report.md").read_text("utf-8"),
        (project.root / "junit.xml").read_text("utf-8"),
    ):
        for claim in ("assert", "checked", "verified", "correct"):
            assert claim not in report.lower()
