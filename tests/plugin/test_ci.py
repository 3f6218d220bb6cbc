"""In GitHub Actions: annotations at criteria, and the summary of the job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project


@pytest.fixture
def step(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A step of a workflow, in a project that lies in a folder of the repository."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(project.root.parent))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project.root / "summary.md"))
    project.write("summary.md", "# Of the step\n")
    project.spec("spec: x\ngates:\n  - exists: a,b.md\n")
    return project


def test_annotations_and_the_summary(step: Project) -> None:
    result = step.run_bare("--spec-gates")
    folder = step.root.name
    assert [line for line in result.output.splitlines() if line.startswith("::")] == [
        f"::error file={folder}/specs/x.spec.yaml,line=3,col=5,title=exists%3A a%2Cb.md::"
        "failed: 1 missing (a,b.md), required all present%0Anext: create a,b.md"
    ]
    summary = (step.root / "summary.md").read_text("utf-8")
    assert summary.startswith("# Of the step\n# Spec gates: FAILED: 1 of 1 gate blocks\n")


def test_once_also_with_workers(step: Project) -> None:
    result = step.run_bare("--spec-gates", "-n2", "-p", "xdist")
    assert result.output.count("\n::error ") == 1
    assert (step.root / "summary.md").read_text("utf-8").count("# Spec gates") == 1


def test_a_summary_that_cannot_be_written_fails_nothing(
    step: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(step.root / "gone" / "summary.md"))
    step.write("a,b.md", "x")
    result = step.run_bare("--spec-gates")
    assert result.exit == 0
    assert "the summary of the job could not be written: " in result.output


def test_nothing_of_it_elsewhere(step: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS")
    result = step.run_bare("--spec-gates")
    assert "\n::" not in result.output
    assert (step.root / "summary.md").read_text("utf-8") == "# Of the step\n"
