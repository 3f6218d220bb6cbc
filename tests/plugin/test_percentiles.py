"""Percentiles that the samples do not decide are sampled on, or left undecided."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Project

TEST = """
import time
import pytest

calls = 0

def slow_each(number):
    def call():
        global calls
        calls += 1
        if calls % number == 0:
            time.sleep(0.02)
    return call

@pytest.mark.benchmark(max_time=0.0001, min_rounds=59, warmup=False)
def test_seldom(benchmark):
    benchmark(slow_each(60))

@pytest.mark.benchmark(max_time=0.0001, min_rounds=59, warmup=False)
def test_just(benchmark):
    benchmark(slow_each(20))

@pytest.mark.benchmark(max_time=0.0001, min_rounds=59, warmup=False)
def test_often(benchmark):
    benchmark(slow_each(4))
"""


def test_samples_are_taken_until_it_is_decided(project: Project) -> None:
    project.write("tests/test_speed.py", TEST)
    project.config("testpaths = tests\n")
    gates = (
        f"  - {{id: {name}, latency: p95 < 15 ms, of: 'tests/test_speed.py::test_{name}'}}\n"
        for name in ("seldom", "just", "often")
    )
    project.spec("spec: x\ngates:\n" + "".join(gates))
    outcome = project.run()
    assert outcome.statuses == {"seldom": "passed", "just": "unmeasured", "often": "failed"}
    (seldom,) = outcome.gate("seldom")["checks"][0]["measurement"]["values"]
    assert seldom["samples"] > 100
    assert seldom["low"] <= seldom["value"] <= seldom["high"] < 0.015
    told = outcome.gate("just")["sentence"]
    assert told.startswith("undecided: ")
    assert " between " in told
    assert "samples would decide" in outcome.gate("just")["next_step"]
