"""The files for CI do what they say: their scripts run, as a runner would run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from conftest import Project

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
GITLAB = yaml.safe_load((ROOT / "templates" / "gitlab-ci.yml").read_text("utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")


@pytest.fixture
def small(project: Project) -> Project:
    project.config("testpaths = tests\n")
    project.write("tests/test_a.py", "def test_a(): pass\n")
    project.spec("spec: x\ngates:\n  - tests: all pass\n  - {exists: there.md, id: there}\n")
    project.write("there.md", "x")
    project.write(".gitignore", "__pycache__/\nbin/\ntemp/\njunit.xml\n*report*\n*.txt\n")
    project.commit_base()
    return project


def bash(script: str, project: Project, **environment: str) -> subprocess.CompletedProcess[str]:
    # A `python` and a `specgates` that are those of this test.
    binaries = project.root / "bin"
    binaries.mkdir(exist_ok=True)
    for name, line in (("python", ""), ("specgates", "-m pytest_specgates ")):
        file = binaries / name
        file.write_text(f'#!/bin/sh\nexec "{sys.executable}" {line}"$@"\n', encoding="utf-8")
        file.chmod(0o755)
    path = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=project.root,
        env={**os.environ, **environment, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


class Runner:
    """A runner of GitHub's, for the steps of the action that are scripts."""

    def __init__(self, project: Project, **inputs: str) -> None:
        self.project = project
        self.values: dict[str, str] = {
            f"inputs.{name}": one["default"] for name, one in ACTION["inputs"].items()
        }
        self.values.update({f"inputs.{name}": value for name, value in inputs.items()})
        self.temp = project.root / "temp"
        self.temp.mkdir(exist_ok=True)

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        (step,) = [step for step in ACTION["runs"]["steps"] if step.get("id") == name]
        output = self.temp / "output"
        output.write_text("", encoding="utf-8")
        environment = {key: self._filled(text) for key, text in step["env"].items()}
        environment.update(RUNNER_TEMP=str(self.temp), GITHUB_OUTPUT=str(output))
        done = bash(step["run"], self.project, **environment)
        for line in output.read_text("utf-8").splitlines():
            key, _, value = line.partition("=")
            self.values[f"steps.{name}.outputs.{key}"] = value
        return done

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: self.values[found[1]], text)

    def exit(self) -> int:
        assert self.run("run").returncode == 0
        return self.run("verify").returncode

    @property
    def verdict(self) -> str:
        return self.values["steps.verify.outputs.verdict"]


@needs_bash
def test_the_action_runs_and_verifies(small: Project) -> None:
    runner = Runner(small, base="main", arguments="-p 'no:randomly' -q")
    assert runner.exit() == 0
    assert runner.verdict == "passed"
    reports = {file.name for file in (runner.temp / "spec-gates").iterdir()}
    assert reports == {
        *("junit.xml", "specgates-report.json", "specgates-report.md", "specgates.sarif")
    }
    small.spec("spec: x\ngates:\n  - tests: all pass\n")
    small.git("commit", "-qam", "one gate less")
    assert (runner.exit(), runner.verdict) == (1, "failed")  # weaker than on the base


@needs_bash
def test_the_action_trusts_no_exit_code(small: Project) -> None:
    small.write("conftest.py", "import os\ndef pytest_sessionstart(): os._exit(0)\n")
    small.git("add", "-A")
    small.git("commit", "-qm", "out")
    runner = Runner(small)
    assert (runner.exit(), runner.verdict) == (3, "")


@needs_bash
def test_the_action_fails_for_a_test_that_no_gate_asks_for(small: Project) -> None:
    small.spec("spec: x\ngates:\n  - {exists: there.md, id: there}\n")
    small.write("tests/test_a.py", "def test_a(): assert False\n")
    small.git("commit", "-qam", "red")
    runner = Runner(small)
    assert (runner.exit(), runner.verdict) == (1, "passed")


def test_nothing_of_an_event_stands_in_a_script() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


@needs_bash
def test_the_template_of_gitlab(small: Project) -> None:
    (script,) = GITLAB["spec-gates"]["script"]
    assert bash(script, small).returncode == 0
    named = [*GITLAB["spec-gates"]["artifacts"]["paths"]]
    named += GITLAB["spec-gates"]["artifacts"]["reports"].values()
    assert [name for name in named if not (small.root / name).is_file()] == []
    (small.root / "there.md").unlink()
    small.git("commit", "-qam", "gone")
    done = bash(script, small)
    assert done.returncode == 1
    assert "failed: specs/x.spec.yaml::there" in done.stdout
    (finding,) = json.loads((small.root / "gl-code-quality-report.json").read_text("utf-8"))
    assert finding["location"] == {"path": "specs/x.spec.yaml", "lines": {"begin": 4, "end": 4}}


def test_the_workflow_of_this_project() -> None:
    read: dict[Any, Any] = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    jobs = read["jobs"]
    green = jobs.pop("all-green")
    assert sorted(green["needs"]) == sorted(jobs)  # the one check to require waits for all
    assert green["if"] == "${{ always() }}"
    assert "merge_group" in read[True]  # YAML 1.1 reads `on` as a boolean
    assert any(step.get("uses") == "./" for step in jobs["gates"]["steps"])


@needs_bash
@pytest.mark.skipif(shutil.which("jq") is None, reason="there is no jq")
def test_all_green_is_red_where_a_job_was_skipped(small: Project) -> None:
    read = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    script = read["jobs"]["all-green"]["steps"][0]["run"]
    for result, code in (("success", 0), ("skipped", 1), ("failure", 1), ("cancelled", 1)):
        jobs = {"lint": {"result": "success"}, "tests": {"result": result}}
        assert bash(script, small, RESULTS=json.dumps(jobs)).returncode == code


@pytest.mark.skipif(
    shutil.which("actionlint") is None,
    reason='actionlint is not installed: pip install -e ".[actions]", where GitHub is reached',
)
def test_the_workflows_are_well_formed(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    shown = tmp_path / "shown.yml"
    text = page.partition("<!-- workflow -->\n```yaml\n")[2].partition("```")[0]
    shown.write_text(text, encoding="utf-8")
    assert "all-green" in text
    for file in (WORKFLOW, shown):
        command = ["actionlint", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")


def test_the_hooks_of_pre_commit_are_commands_that_there_are() -> None:
    for hook in HOOKS:
        command = [sys.executable, "-m", "pytest_specgates", *hook["entry"].split()[1:], "--help"]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode == 0, hook["id"]
    assert [hook["id"] for hook in HOOKS] == ["specgates-lint", "specgates-fix", "specgates-diff"]
