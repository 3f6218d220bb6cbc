"""Row 16: each change is 4 % slower than the one before, and 5 % are allowed each time."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::p95"
COMPARED = ("--benchmark-autosave", "--benchmark-compare", "--benchmark-compare-fail=mean:5%")
STEPS = (256, 266, 276, 287, 298)
"""Milliseconds as 1024ths of a second: each is less than 4 % above the one before."""


def test_the_gate_fails_at_the_step_that_crosses_its_limit(clocked: Project) -> None:
    assert all(b / a < 1.04 for a, b in itertools.pairwise(STEPS))
    clocked.write("times.json", json.dumps([STEPS[0] / 1024] * 59))
    assert clocked.run_bare("--benchmark-autosave").exit == 0
    clocked.spec("spec: x\ngates:\n  - {id: p95, latency: p95 < 275 ms, of: tests}\n")
    found = []
    for step in STEPS:
        clocked.write("times.json", json.dumps([step / 1024] * 59))
        outcome = clocked.run(*COMPARED)
        gate = outcome.gate("::p95")
        assert gate["checks"][0]["value"] == step / 1024
        assert gate["checks"][0]["limit"] == 0.275
        found.append((gate["status"], outcome.junit[JUNIT], outcome.verdict, outcome.exit))
        # The comparison with the run before never has anything to say.
        assert "has regressed" not in outcome.output
    passes = ("passed", "passed", "passed", 0)
    fails = ("failed", "failure", "failed", 1)
    assert found == [passes, passes, passes, fails, fails]


def test_the_benchmark_tool_lets_each_step_pass(clocked: Project) -> None:
    clocked.write("times.json", json.dumps([STEPS[0] / 1024] * 59))
    assert clocked.run_bare("--benchmark-autosave").exit == 0
    for step in STEPS[1:3]:
        clocked.write("times.json", json.dumps([step / 1024] * 59))
        assert clocked.run_bare(*COMPARED).exit == 0
