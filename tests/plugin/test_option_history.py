"""--spec-gates-history=DIR: which runs are kept, and what is told of those before."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

PAGE = Path(__file__).parents[2] / "docs" / "history.md"
HISTORY = "--spec-gates-history=history"


@pytest.fixture
def kept(project: Project) -> Project:
    """A project on its main branch with three gates, all of which hold."""
    project.spec(
        """
        spec: model
        gates:
          - tests: all pass
          - value: accuracy >= 0.9
          - exists: README.md
        """
    )
    project.write("README.md", "x\n")
    project.write(".gitignore", "*.html\n*.json\n*.xml\n__pycache__\nrunpytest-*\nstderr\nstdout\n")
    measured(project, 0.95)
    project.config("testpaths = tests\n")
    project.commit_all()
    return project


def measured(project: Project, accuracy: float) -> None:
    project.write(
        "tests/test_model.py",
        f"""
        def test_accuracy(record_measurement):
            record_measurement("accuracy", {accuracy})

        def test_other():
            pass
        """,
    )


def files(project: Project) -> list[str]:
    return sorted(path.name for path in (project.root / "history").glob("*.json"))


def test_runs_are_kept_and_told_against_the_base(kept: Project) -> None:
    base = kept.git("rev-parse", "HEAD").strip()
    first = kept.run(HISTORY)
    assert first.verdict == "passed"
    assert [name.partition("-")[2] for name in files(kept)] == [f"{base}-pre-merge.json"]
    assert kept.git("status", "--porcelain") == ""

    kept.git("checkout", "-q", "-b", "work")
    measured(kept, 0.8)
    (kept.root / "README.md").unlink()
    kept.commit_all("work")
    second = kept.run(HISTORY, "-n", "2")
    shown = PAGE.read_text("utf-8").partition("\n...\n")[2].partition("```")[0]
    shown = shown.replace("1f3a9c2b7d", base[:10])
    shown = shown.replace("2026-01-30", second.report["run"]["ended"][:10])
    assert "the last passing run of the base" in shown
    assert shown in second.output
    assert len(files(kept)) == 2

    # The same without a terminal: the state has the same file, written anew.
    before = files(kept)
    silent = kept.run(HISTORY, "-p", "no:terminal", "--spec-gates-report=html")
    assert (silent.exit, len(files(kept))) == (1, 2)
    assert files(kept)[1] != before[1]
    page = (kept.root / "specgates-report.html").read_text("utf-8")
    assert "<h3>accuracy</h3>" in page
    assert "<dt>since base<dd>passed -&gt; failed, 0.95 -&gt; 0.8 (-16 %)" in page

    command = (sys.executable, "-m", "pytest_specgates", "trend", "--history=history")
    told = kept.pytester.run(*command, "value-accuracy-at-least-0-9")
    assert told.ret == 0
    assert told.outlines[-1].endswith("failed  0.8       -15.8 %")


def test_a_narrowed_run_is_not_kept(kept: Project) -> None:
    result = kept.run(HISTORY, "-k", "accuracy or spec")
    assert "this run is not kept in the history: " in result.output
    assert files(kept) == []


def test_the_setting_and_what_is_damaged(kept: Project) -> None:
    kept.config("testpaths = tests\nspecgates_history = kept/here\n")
    folder = kept.root / "kept" / "here"
    folder.mkdir(parents=True)
    name = f"20260101T000000000Z-{'a' * 40}-pre-merge.json"
    (folder / name).write_text("{", "utf-8")
    result = kept.run()
    assert result.exit == 0
    notes = json.dumps(result.report["notes"])
    assert f"the history has a damaged entry, {name}: not JSON" in notes
    assert len(list(folder.glob("*.json"))) == 2


def test_a_folder_that_cannot_be_made_fails_the_run(kept: Project) -> None:
    result = kept.run("--spec-gates-history=README.md/x")
    assert result.exit == 1
    assert "the history could not be written" in result.output


def test_without_git_nothing_is_kept(kept: Project) -> None:
    kept.pytester.run("rm", "-rf", ".git")
    result = kept.run(HISTORY)
    assert result.exit == 0
    assert "this run is not kept in the history: no commit is known here" in result.output
    assert files(kept) == []
