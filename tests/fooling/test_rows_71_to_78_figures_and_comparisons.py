"""Rows 71 to 78: figures that tests record, memory, and comparisons with a base."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

CODE = "def work(times=1000):\n    return sum(i * i % 7 for i in range(times))\n"
TEST = "import things\n\ndef test_busy(benchmark):\n    assert benchmark(things.work) > 0\n"


@pytest.fixture
def things(project: Project) -> Project:
    project.write("src/things.py", CODE)
    project.write("tests/test_things.py", TEST)
    project.config("testpaths = tests\npythonpath = src\n")
    project.write(".gitignore", "__pycache__\n*.xml\nreport.json\nstd*\nrunpytest-*\n")
    return project


def judged(project: Project, gate: str) -> Outcome:
    project.spec(f"spec: x\ngates:\n  - {{id: g, {gate}}}\n")
    return project.run()


def blocks(outcome: Outcome, status: str, told: str) -> None:
    gate = outcome.gate("g")
    assert (gate["status"], gate["blocking"]) == (status, True), gate
    assert told in gate["sentence"]
    assert (outcome.verdict, outcome.exit) == ("failed", 1)


def test_row_71_the_benchmark_of_a_comparison_is_gone(things: Project) -> None:
    things.commit_base()
    things.write("tests/test_things.py", TEST.replace("test_busy", "test_idle"))
    blocks(
        judged(things, "regression: latency <= base + 5 %, of: 'tests/test_things.py::test_busy'"),
        "unmeasured",
        "no benchmark matches",
    )


def test_row_72_it_is_skipped(things: Project) -> None:
    things.commit_base()
    skipped = TEST.replace("def test", "import pytest\n\n@pytest.mark.skip\ndef test")
    things.write("tests/test_things.py", skipped)
    blocks(
        judged(things, "regression: latency <= base + 5 %"), "unmeasured", "no benchmark matches"
    )


def test_row_73_nobody_recorded_the_figure(project: Project) -> None:
    project.write("tests/test_a.py", "def test_a():\n    pass\n")
    blocks(judged(project, "value: accuracy >= 0.9"), "unmeasured", "accuracy")


def test_row_74_the_figure_is_no_number(project: Project) -> None:
    project.write(
        "tests/test_a.py",
        """
        def test_a(record_measurement):
            try:
                record_measurement("accuracy", float("nan"))
            except ValueError:
                pass
        """,
    )
    blocks(judged(project, "value: accuracy >= 0.9"), "unmeasured", "accuracy")


def test_row_75_the_memory_of_a_test_that_is_skipped(project: Project) -> None:
    project.write("tests/test_a.py", "import pytest\n\n@pytest.mark.skip\ndef test_a(): pass\n")
    blocks(judged(project, "memory: peak < 1 GiB, of: tests"), "unmeasured", "passed")


@pytest.mark.skipif(sys.platform != "linux", reason="the high-water mark is reset on Linux")
def test_row_76_memory_that_is_freed_at_once(project: Project) -> None:
    """A look at the process every few milliseconds does not see it."""
    project.write("tests/test_a.py", "def test_a():\n    len(bytearray(90 << 20))\n")
    blocks(judged(project, "memory: peak < 50 MiB, of: tests"), "failed", "< 50 MiB by rss")


def specgates(project: Project, *arguments: str) -> tuple[int, str]:
    done = project.specgates(*arguments)
    return done.returncode, done.stdout + done.stderr


def test_row_77_a_slow_run_becomes_the_baseline(things: Project) -> None:
    """Of a run that did not pass, or of files that nobody else has, no baseline is made."""
    things.commit_base()
    judged(things, "latency: max < 1 ns, of: tests")
    code, told = specgates(things, "baseline", "save", "report.json")
    assert (code, told) == (1, "REFUSED: the verdict of the run is failed\n")
    assert not (things.root / "specs/baseline.json").exists()


def test_row_78_a_baseline_of_another_machine(things: Project) -> None:
    """Its numbers judge nothing: its commit is measured again, here."""
    things.commit_base()
    baseline = {
        "format": "pytest-specgates baseline",
        "format_version": 1,
        "commit": things.git("rev-parse", "HEAD").strip(),
        "judged": "2026-01-01T00:00:00.000Z",
        "machine": {"system": "Plan 9", "cpus": "512"},
        "versions": {},
        "measured": {"specs/x.spec.yaml::g": "+900 %"},
    }
    things.write("specs/baseline.json", json.dumps(baseline))
    things.write("src/things.py", CODE.replace("1000", "3000"))
    gate = "regression: latency <= base + 60 %, since: baseline"
    blocks(judged(things, gate), "failed", "required latency <= base + 60 %")
