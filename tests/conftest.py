"""What the tests of the plugin share: a project in a folder of its own, run for real."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says something of the machine, and of what else runs on it.
settings.register_profile(
    "any machine", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


@dataclass(frozen=True)
class Outcome:
    """What one run of pytest showed: exit code, output, JSON report, JUnit verdicts."""

    exit: int
    output: str
    report: dict[str, Any]
    junit: dict[str, str]
    junit_failures: int

    @property
    def verdict(self) -> str:
        verdict: str = self.report["verdict"]
        return verdict

    @property
    def statuses(self) -> dict[str, str]:
        """The status of each judged gate, by what follows the file in its node id."""
        return {gate["nodeid"].partition("::")[2]: gate["status"] for gate in self.report["gates"]}

    def gate(self, name: str) -> dict[str, Any]:
        """The record of the gate whose node id ends in `name`."""
        found: list[dict[str, Any]] = [
            gate for gate in self.report["gates"] if gate["nodeid"].endswith(name)
        ]
        assert len(found) == 1, f"{name}: {[gate['nodeid'] for gate in self.report['gates']]}"
        return found[0]


@dataclass
class Project:
    """A project with specs. Files are written with `write`, specs with `spec`."""

    pytester: pytest.Pytester
    written: list[Path] = field(default_factory=list)

    @property
    def root(self) -> Path:
        return self.pytester.path

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        self.written.append(file)
        return file

    def spec(self, text: str, name: str = "x") -> Path:
        return self.write(f"specs/{name}.spec.yaml", text)

    def config(self, text: str = "", name: str = "pytest.ini") -> Path:
        # That of Hypothesis takes a third of the time of a small run.
        off = " ".join(
            f"-p no:{name}" for name in ("cacheprovider", "randomly", "hypothesispytest")
        )
        lead = f"[pytest]\naddopts = {off}\n"
        return self.write(name, lead + textwrap.dedent(text))

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments],
            cwd=self.root,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def commit_all(self, message: str = "all", branch: str = "main") -> None:
        """Commit everything; the first time on a new repository with that branch."""
        if not (self.root / ".git").exists():
            self.git("init", "-q", "-b", branch)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def commit_base(self) -> None:
        """Commit everything on main, and go on with a branch that has a commit of its own."""
        if (self.root / ".git").exists():
            self.git("checkout", "-q", "main")
        self.commit_all()
        self.git("checkout", "-q", "-B", "work")
        self.git("commit", "-q", "--allow-empty", "-m", "work")

    def run(self, *arguments: str) -> Outcome:
        """`pytest --spec-gates` in a process of its own, with JSON and JUnit reports."""
        return self.run_bare("--spec-gates", "--spec-gates-report=json:report.json", *arguments)

    def run_bare(self, *arguments: str) -> Outcome:
        """pytest in a process of its own, with a JUnit report and no other option."""
        for left in ("report.json", "junit.xml"):
            (self.root / left).unlink(missing_ok=True)
        result = self.pytester.runpytest_subprocess("--junitxml=junit.xml", *arguments)
        junit, failures = self._junit()
        report_file = self.root / "report.json"
        report = json.loads(report_file.read_text("utf-8")) if report_file.is_file() else {}
        output = "\n".join([*result.outlines, *result.errlines])
        return Outcome(int(result.ret), output, report, junit, failures)

    def specgates(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command `specgates` in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "pytest_specgates", *arguments],
            cwd=self.root,
            check=False,
            capture_output=True,
            text=True,
        )

    def _junit(self) -> tuple[dict[str, str], int]:
        file = self.root / "junit.xml"
        if not file.is_file():
            return {}, 0
        tree = ET.parse(file)
        found = {}
        for case in tree.iter("testcase"):
            told = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
            found[f"{case.get('classname')}::{case.get('name')}"] = told[0] if told else "passed"
        suite = next(tree.iter("testsuite"))
        return found, int(suite.get("failures", 0)) + int(suite.get("errors", 0))


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    # The run inside is no worker of the run outside, and its output does not hang on whether
    # that runs in CI, where pytest prints its summary in full.
    outside = ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_ADDOPTS")
    for name in (*outside, "CI", "BUILD_NUMBER", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    # Its plugin takes two seconds to import, in each of the runs inside.
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:schemathesis -p no:anyio")
    made = Project(pytester)
    made.config("specgates_allow = command\n")
    return made


@pytest.fixture
def shop(project: Project) -> Project:
    """A small project: src/shop.py, of 10 statements 9 covered by one unit test."""
    project.write(
        "src/shop.py",
        """
        def price(amount, rate):
            if amount < 0:
                raise ValueError(amount)
            total = amount * rate
            total = total + 1
            total = total - 1
            total = total * 1
            return total


        VAT = 1
        UNUSED = 2
        """,
    )
    project.write(
        "tests/unit/test_shop.py",
        """
        import sys, pathlib
        sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "src"))
        import shop

        def test_price():
            assert shop.price(2, 3) == 6
        """,
    )
    project.config("testpaths = tests\nspecgates_allow = command\n")
    return project


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-snapshots", action="store_true", help="write the snapshots of tests/specs anew"
    )
