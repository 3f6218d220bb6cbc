"""`specgates baseline`, and gates with `since: baseline`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

CODE = """
def work(times=1000):
    total = 0
    for i in range(times):
        total += i * i % 7
    return total
"""
TEST = "import things\n\ndef test_busy(benchmark):\n    assert benchmark(things.work) > 0\n"
SPEC = """
spec: x
gates:
  - {id: tests, tests: all pass}
  - {id: drift, regression: latency <= base + 60 %, since: baseline}
"""


def specgates(project: Project, *arguments: str) -> tuple[int, str]:
    done = project.specgates(*arguments)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def things(project: Project) -> Project:
    project.write("src/things.py", CODE)
    project.write("tests/test_things.py", TEST)
    project.config("testpaths = tests\npythonpath = src\n")
    ignored = "__pycache__\n*.xml\nreport.json\nstd*\nrunpytest-*\n.benchmarks\n"
    project.write(".gitignore", ignored)
    return project


def test_drift_since_the_baseline(things: Project) -> None:
    things.spec("spec: x\ngates:\n  - {id: tests, tests: all pass}\n")
    things.commit_base()
    commit = things.git("rev-parse", "HEAD").strip()
    assert specgates(things, "baseline", "show")[0] == 2
    things.run()
    things.write("src/things.py", CODE + "\n")
    code, told = specgates(things, "baseline", "save", "report.json")
    assert (code, told) == (
        0,
        f"specs/baseline.json: {commit[:10]}, 1 gate; commit it\n",
    )
    baseline = json.loads((things.root / "specs/baseline.json").read_text())
    assert baseline["commit"] == commit
    assert baseline["machine"]["cpus"]
    assert baseline["measured"] == {"specs/x.spec.yaml::tests": "0 of 1 failing"}
    code, told = specgates(things, "baseline", "show")
    assert code == 0
    assert told.startswith(commit)

    things.spec(SPEC)
    things.write("src/things.py", CODE.replace("1000", "1300"))
    things.commit_base()
    things.write("src/things.py", CODE.replace("1000", "3000"))
    outcome = things.run()
    assert outcome.statuses == {"tests": "passed", "drift": "failed"}
    (evidence,) = outcome.gate("drift")["checks"][0]["evidence"]
    assert f"on baseline of {baseline['judged'][:10]} ({commit[:10]})" in evidence
    code, told = specgates(things, "baseline", "save", "report.json")
    assert (code, told) == (1, "REFUSED: the verdict of the run is failed\n")

    # Another commit as the baseline, within a change: what was lost up to it is forgotten.
    moved = {**baseline, "commit": things.git("rev-parse", "HEAD").strip()}
    things.write("specs/baseline.json", json.dumps(moved))
    things.git("commit", "-qam", "moved")
    code, told = specgates(things, "diff", "HEAD~1")
    assert code == 1
    assert "baseline" in told
    assert commit[:10] in told


def test_what_no_baseline_is_made_of(things: Project) -> None:
    things.spec(SPEC)
    things.commit_base()
    things.write("src/things.py", CODE + "\n\n")
    outcome = things.run()
    assert outcome.statuses["drift"] == "unmeasured"
    assert outcome.gate("drift")["sentence"] == "there is no specs/baseline.json"
    assert "specgates baseline save REPORT" in outcome.gate("drift")["next_step"]
    things.spec("spec: x\ngates:\n  - {id: tests, tests: all pass}\n")
    things.run()
    code, told = specgates(things, "baseline", "save", "report.json")
    assert (code, told) == (1, "REFUSED: the run was of files that are not committed\n")
    assert specgates(things, "baseline", "save", "nothing.json")[0] == 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{}", "not a baseline"),
        ("[" * 100_000, "nested too deeply"),
        ('{"format": "pytest-specgates baseline", "format_version": 2}', "of another version"),
        (
            '{"format": "pytest-specgates baseline", "format_version": 1, "commit": "--help"}',
            "not the full name of one",
        ),
    ],
)
def test_what_is_no_baseline_is_told(project: Project, text: str, why: str) -> None:
    project.write("specs/baseline.json", text)
    code, told = specgates(project, "baseline", "show")
    assert code == 2
    assert told.startswith("specs/baseline.json: ")
    assert why in told
