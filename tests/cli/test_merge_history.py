"""`specgates merge --history DIR`: what all shards showed together is kept, as of one run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project


@pytest.fixture
def halves(project: Project) -> Project:
    """A suite of two halves on its main branch, with a gate on both and one on a number."""
    project.spec(
        """
        spec: model
        gates:
          - {id: tests, tests: all pass, of: tests}
          - {id: accuracy, value: accuracy >= 0.9}
        """
    )
    project.config("testpaths = tests\n")
    project.write("tests/a/test_a.py", "def test_a():\n    pass\n")
    accuracy(project, 0.95)
    project.write(".gitignore", "*.json\n*.xml\n*.html\n__pycache__\nrunpytest-*\nstd*\n")
    project.commit_all()
    return project


def accuracy(project: Project, value: float) -> None:
    project.write(
        "tests/b/test_b.py",
        f"""
        def test_b(record_measurement):
            record_measurement("accuracy", {value})
        """,
    )


def shards(project: Project, *folders: str) -> list[str]:
    files = []
    for number, folder in enumerate(folders, 1):
        file = f"shard-{number}.json"
        done = project.run_bare(
            "--spec-gates", f"--spec-gates-shard={number}/{len(folders)}:{file}", folder
        )
        assert done.exit == 0, done.output
        files.append(str(project.root / file))
    return files


def merge(project: Project, *arguments: str) -> tuple[int, str]:
    done = project.specgates("merge", *arguments)
    return done.returncode, done.stdout + done.stderr


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.json"))


def test_the_merged_run_is_kept_and_told_against_the_base(halves: Project) -> None:
    first = halves.git("rev-parse", "HEAD").strip()
    files = shards(halves, "tests/a", "tests/b")
    code, output = merge(halves, *files, "--history", "history")
    assert code == 0, output
    (name,) = kept(halves.root / "history")
    assert name.endswith(f"-{first}-pre-merge.json")
    data = json.loads((halves.root / "history" / name).read_text("utf-8"))
    assert data["verdict"] == "passed"
    assert len(data["gates"]) == 2

    # It is the same history that runs keep: a run of the next commit is told against it.
    halves.git("checkout", "-q", "-b", "work")
    accuracy(halves, 0.8)
    halves.commit_all("work")
    told = f"since {first[:10]}, the last passing run of the base"
    change = "model/accuracy: passed -> failed, 0.95 -> 0.8 (-16 %)"
    whole = halves.run("--spec-gates-history=history")
    assert told in whole.output
    assert change in whole.output

    # And what shards of that commit show replaces what the run kept of it.
    before = kept(halves.root / "history")
    files = shards(halves, "tests/a", "tests/b")
    code, output = merge(
        halves, *files, "--history", "history", "--base", "main", "--report=html:merged.html"
    )
    assert code == 1
    assert told in output
    assert change in output
    after = kept(halves.root / "history")
    assert after[0] == before[0] == name
    assert len(after) == len(before) == 2
    assert after[1] != before[1]
    page = (halves.root / "merged.html").read_text("utf-8")
    assert "<dt>since base<dd>passed -&gt; failed, 0.95 -&gt; 0.8 (-16 %)" in page


def test_without_the_option_it_is_the_folder_of_the_setting(halves: Project) -> None:
    halves.config("testpaths = tests\nspecgates_history = kept/here\n")
    halves.commit_all("setting")
    files = shards(halves, "tests/a", "tests/b")
    code, output = merge(halves, *files)
    assert code == 0, output
    assert len(kept(halves.root / "kept" / "here")) == 1
    code, output = merge(halves, *files, "--history", "other")
    assert code == 0, output
    assert len(kept(halves.root / "other")) == 1
    assert len(kept(halves.root / "kept" / "here")) == 1


def test_without_all_shards_nothing_is_kept(halves: Project) -> None:
    files = shards(halves, "tests/a", "tests/b")
    code, output = merge(halves, files[1], "--history", "history", "--report=json:merged.json")
    assert (code, "shard 1 of 2" in output) == (1, True), output
    notes = json.loads((halves.root / "merged.json").read_text("utf-8"))["notes"]
    assert [note for note in notes if "this run is not kept in the history: " in note]
    assert not (halves.root / "history").exists()


def test_a_folder_that_cannot_be_made_fails_the_merge(halves: Project) -> None:
    files = shards(halves, "tests/a", "tests/b")
    code, output = merge(halves, *files, "--history", "pytest.ini/x")
    assert code == 1
    assert "the history could not be written: pytest.ini/x: " in output
    assert "PASSED: 2 gates, none blocks" in output
