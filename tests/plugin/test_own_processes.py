"""The processes that a run starts to measure something end as any pytest ends, and sooner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

CONFTEST = """
import os
import sys

def note(what):
    with open(os.environ["LOG"], "a") as log:
        log.write(f"{os.getpid()} {what}\\n")

def pytest_configure():
    note("begun")

def pytest_terminal_summary():
    note("summary")

def pytest_unconfigure():
    note("ended")
    if "pytest_specgates.model" in sys.modules:
        note("model")
"""
CODE = "def work():\n    return sum(i * i for i in range(5000))\n"
TEST = """
import things

def test_work(benchmark):
    assert benchmark.pedantic(things.work, rounds=20) > 0
"""


@pytest.mark.parametrize(
    ("gate", "workers"),
    [
        ("regression: latency <= base + 80 %", ()),
        ("regression: memory <= base + 80 %, by: tracemalloc", ()),
        ("memory: peak < 1 GiB", ()),
        ("latency: median < 10 s", ("-n", "1")),
    ],
    ids=["pairs", "memory-pairs", "memory", "quiet"],
)
def test_they_end_as_any_pytest_ends_without_a_summary(
    project: Project, monkeypatch: pytest.MonkeyPatch, gate: str, workers: tuple[str, ...]
) -> None:
    log = project.root / "log"
    monkeypatch.setenv("LOG", str(log))
    project.write("conftest.py", CONFTEST)
    project.write("src/things.py", CODE)
    project.write("tests/test_things.py", TEST)
    project.config("testpaths = tests\npythonpath = src\n")
    project.write(".gitignore", "__pycache__\nreport.json\njunit.xml\nstd*\nrunpytest-*\nlog\n")
    project.spec(f"spec: x\ngates:\n  - {{id: g0, {gate}, of: tests/test_things.py}}\n")
    project.commit_base()
    project.write("src/things.py", CODE + "\n")
    outcome = project.run(*workers)
    assert outcome.statuses == {"g0": "passed"}
    told = [line.split() for line in log.read_text("utf-8").splitlines()]
    begun = {pid for pid, what in told if what == "begun"}
    assert len(begun) >= 2
    assert begun == {pid for pid, what in told if what == "ended"}
    if "regression: latency" in gate:  # many of them: they import what they need alone
        assert [what for _, what in told].count("model") == 1
    summaries = 2 if workers else 1  # of this run, and of its worker
    assert [what for _, what in told].count("summary") == summaries
