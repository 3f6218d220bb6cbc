"""`measure`: a load that a test runs is evidence for latency, throughput and value gates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Project

TESTS = """
    import time
    import threading

    class Service:
        def __init__(self):
            self.calls, self.lock = 0, threading.Lock()

        def call(self):
            with self.lock:
                self.calls += 1
                time.sleep(0.3 if self.calls == 100 else 0.0005)
                if self.calls % 100 == 1:
                    raise ConnectionError

    def test_at_a_rate(measure):
        found = measure(Service().call, rate="12000/min", samples=400, concurrency=8)
        assert found.percentile(50) < 0.3
        assert found.errors == 4

    def test_in_a_loop(measure):
        measure(Service().call, samples=400)

    def test_few(measure):
        async def call(): pass
        measure(call, samples=10)
"""
SPEC = """
    spec: x
    gates:
      - {id: rate-median, latency: median < 100 ms, of: "tests/test_l.py::test_at_a_rate"}
      - {id: rate-p95, latency: p95 < 100 ms, of: "tests/test_l.py::test_at_a_rate"}
      - {id: rate-max, latency: max < 10 s, of: "tests/test_l.py::test_at_a_rate"}
      - {id: loop-p95, latency: p95 < 100 ms, of: "tests/test_l.py::test_in_a_loop"}
      - {id: loop-p98, latency: p98 < 100 ms, of: "tests/test_l.py::test_in_a_loop"}
      - {id: throughput, throughput: ">= 50/s", of: "tests/test_l.py::test_at_a_rate"}
      - {id: errors, value: error_rate <= 1%, of: "tests/test_l.py"}
      - {id: no-errors, value: error_rate < 1%, of: "tests/test_l.py"}
      - {id: few, latency: p95 < 1 s, of: "tests/test_l.py::test_few"}
"""
EXPECTED = {
    "rate-median": "passed",
    # 60 of 400 calls were due while the service stood still.
    "rate-p95": "failed",
    "rate-max": "unmeasured",
    # The same service, called in a loop, shows it once.
    "loop-p95": "passed",
    "loop-p98": "passed",
    "throughput": "passed",
    "errors": "passed",
    "no-errors": "failed",
    "few": "unmeasured",
}


@pytest.mark.parametrize("more", [(), ("-n", "2", "-p", "no:benchmark")], ids=["alone", "-n 2"])
def test_a_load_is_evidence(project: Project, more: tuple[str, ...]) -> None:
    project.write("tests/test_l.py", TESTS)
    project.spec(SPEC)
    outcome = project.run(*more)
    assert outcome.statuses == EXPECTED, outcome.output
    told = outcome.gate("rate-p95")["checks"][0]["evidence"][0]
    assert "396 samples, measure: 200/s, 8 at once" in told
    assert "4 failed" in told
    assert told.endswith("in a quiet process after the workers") == bool(more)
    assert "4 of 400 calls failed or were not made" in outcome.gate("rate-max")["sentence"]
    assert outcome.gate("few")["next_step"] == "measure(..., samples=59)"
    assert outcome.gate("no-errors")["measured"] == "1 %"


def test_without_the_option_it_measures_all_the_same(measure: Callable[..., Any]) -> None:
    found = measure(int, samples=20)
    assert (found.calls, found.errors) == (20, 0)
    with pytest.raises(RuntimeError, match="measure was called twice"):
        measure(int, samples=20)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"rate": "100", "samples": 3}, "measure: .* has no unit"),
        ({"rate": "100/m", "samples": 3}, "fits two things"),
        ({"duration": "30"}, "has no unit"),
        ({"duration": "30 %"}, "is a percent"),
        ({}, "measure: say how much"),
    ],
)
def test_what_is_asked_is_read_as_in_specs(
    measure: Callable[..., Any], asked: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        measure(int, **asked)


def test_a_call_is_a_function(measure: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match="a function is called"):
        measure(3, samples=3)
    assert measure(int, rate="6000/min", duration="50 ms").calls == 5
