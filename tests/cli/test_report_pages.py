"""The pages on reports and CI are true: their outputs, their format, their tables."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from pytest_specgates.report.formats import FORMATS

if TYPE_CHECKING:
    from conftest import Project

ROOT = Path(__file__).parents[2]
REPORTS = (ROOT / "docs" / "reports.md").read_text("utf-8")
CI = (ROOT / "docs" / "ci.md").read_text("utf-8")
_FILE = re.compile(r"<!-- file: (\S+) -->\n```\w*\n(.*?)```", re.DOTALL)
_SHOWN = re.compile(r"^```console\n\$ specgates ([^\n]*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def marked(name: str) -> object:
    """The YAML of an example of the page on CI."""
    found = re.search(rf"<!-- {name} -->\n```yaml\n(.*?)```", CI, re.DOTALL)
    assert found is not None
    return yaml.safe_load(found[1])


def specgates(project: Project, line: str) -> subprocess.CompletedProcess[str]:
    return project.specgates(*line.split())


@pytest.fixture
def reported(project: Project) -> Project:
    """The project of the page, with the reports of two runs."""
    for name, text in _FILE.findall(REPORTS):
        if name.startswith("specs/"):
            project.write(name, text)
    project.write("README.md", "x")
    guide = project.write("docs/guide.md", "x")
    project.run_bare("--spec-gates", "--spec-gates-report=json:before.json")
    guide.unlink()
    project.run_bare("--spec-gates", "--spec-gates-report=json")
    return project


def test_the_commands_print_what_the_page_shows(reported: Project) -> None:
    shown = _SHOWN.findall(REPORTS)
    assert len(shown) == 2
    for line, output in shown:
        done = specgates(reported, line)
        assert (done.stdout.rstrip(), done.stderr) == (output.rstrip(), "")


def test_every_format_is_in_the_table() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| `([\w.-]+)` \|", REPORTS, re.MULTILINE)
    assert dict(rows) == {name: made.default_file for name, made in FORMATS.items()}


@pytest.fixture
def package(reported: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The package of the page is installed."""
    (text,) = [text for name, text in _FILE.findall(REPORTS) if name == "blocked_format.py"]
    reported.write("lib/blocked_format.py", text)
    info = "lib/blocked_format-1.0.dist-info"
    reported.write(f"{info}/METADATA", "Name: blocked-format\nVersion: 1.0\n")
    points = "blocked = blocked_format:BLOCKED\nwrong = blocked_format:render\n"
    reported.write(f"{info}/entry_points.txt", f"[pytest_specgates.formats]\n{points}")
    monkeypatch.setenv("PYTHONPATH", str(reported.root / "lib") + os.pathsep)
    return reported


def test_the_format_of_another_package(package: Project) -> None:
    points = package.root / "lib" / "blocked_format-1.0.dist-info" / "entry_points.txt"
    refused = specgates(package, "report specgates-report.json --format blocked")
    assert refused.returncode == 2
    assert "the entry point blocked_format:render is not a Format" in refused.stderr
    points.write_text(points.read_text("utf-8").partition("wrong")[0], encoding="utf-8")
    done = specgates(package, "report specgates-report.json --format blocked")
    assert (done.returncode, done.stdout, done.stderr) == (0, "shop/guide\n", "")
    package.run_bare("--spec-gates", "--spec-gates-report=blocked")
    assert (package.root / "blocked.txt").read_text("utf-8") == "shop/guide\n"
    slip = package.run_bare("--spec-gates", "--spec-gates-report=bloked")
    assert 'did you mean "blocked"?' in slip.output


def test_a_format_that_breaks_is_told(package: Project) -> None:
    file = package.root / "lib" / "blocked_format.py"
    file.write_text(file.read_text("utf-8").replace("return", "return 1 / 0 #"), encoding="utf-8")
    points = package.root / "lib" / "blocked_format-1.0.dist-info" / "entry_points.txt"
    points.write_text(points.read_text("utf-8").partition("wrong")[0], encoding="utf-8")
    done = specgates(package, "report specgates-report.json --format blocked")
    assert done.returncode == 1
    told = "the blocked report could not be made: ZeroDivisionError: division by zero"
    assert told in done.stderr
    result = package.run_bare("--spec-gates", "--spec-gates-report=blocked")
    assert told in result.output
    assert result.exit == 1


def test_the_examples_for_ci_name_what_there_is() -> None:
    workflow = marked("workflow")
    assert isinstance(workflow, dict)
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    (step,) = [
        step
        for step in workflow["jobs"]["gates"]["steps"]
        if step.get("uses", "").startswith("OWNER/pytest-specgates")
    ]
    assert step["with"].keys() <= action["inputs"].keys()
    rows = re.findall(r"^\| `([\w-]+)` \| `?([\w. -]+)`? \|", CI, re.MULTILINE)
    defaults = {name: one["default"] or "nothing" for name, one in action["inputs"].items()}
    assert dict(rows) == defaults
    gitlab = marked("gitlab")
    assert isinstance(gitlab, dict)
    assert (ROOT / gitlab["include"][0]["local"]).is_file()
    config = marked("pre-commit")
    assert isinstance(config, dict)
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    used = [hook["id"] for hook in config["repos"][0]["hooks"]]
    assert used == [hook["id"] for hook in hooks]
