"""Latencies that are too many to keep: counted by size, to a part in a thousand."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pytest_specgates.measure import load
from pytest_specgates.measure.benchmarks import LATENCY, ranks, select
from pytest_specgates.measure.histogram import WIDTH, Histogram, at_rank
from pytest_specgates.model import (
    Check,
    Quantity,
    RunEvidence,
    Samples,
    Surroundings,
    TestRef,
    TestResult,
)

SECONDS = st.floats(0, 1e6, allow_subnormal=False)


@given(st.lists(SECONDS, min_size=1, max_size=200), st.data())
def test_a_latency_is_told_as_no_less_and_hardly_more(
    latencies: list[float], data: st.DataObject
) -> None:
    histogram = Histogram()
    histogram.extend(latencies)
    sizes, counts = histogram.sizes()
    assert list(sizes) == sorted(sizes)
    assert sum(counts) == len(latencies)
    rank = data.draw(st.integers(1, len(latencies)))
    exact = sorted(latencies)[rank - 1]
    told = at_rank(sizes, counts, rank)
    assert exact <= told * (1 + 1e-9)
    assert told <= exact * (1 + WIDTH) * (1 + 1e-9)


def test_a_load_of_more_than_a_million_calls() -> None:
    found = load.run(lambda: None, load.plan_of(samples=load.MOST_KEPT + 50))
    assert found.calls == found.succeeded == load.MOST_KEPT + 50
    assert len(found.latencies) == len(found.counts) < 100_000
    assert 0 < found.percentile(50) <= found.percentile(99) <= max(found.latencies)
    assert found.percentile(100) == max(found.latencies)
    assert math.isfinite(found.throughput)


def test_gates_on_what_was_counted() -> None:
    samples = Samples((0.001, 0.002, 0.5), counts=(1_900_000, 80_000, 20_000), seconds=10.0)
    ref = TestRef("t.py::test", is_benchmark=True)
    run = RunEvidence(
        results={"t.py::test": TestResult(ref, "passed")},
        collected=frozenset(("t.py::test",)),
        roots=(".",),
        samples={"t.py::test": samples},
    )
    assert select("", run) == [(ref, samples)]
    for statistic, value, low in (
        ("p50", 0.001, 0.001),
        ("p97", 0.002, 0.002),
        ("p99", 0.002, 0.002),
        ("p99.5", 0.5, 0.5),
    ):
        check = Check("latency", "latency", "<", Quantity(Fraction(1), "s", "1 s"), statistic)
        found = LATENCY.probe(check, Surroundings(root=Path(), run=run))
        (measured,) = found.values
        assert measured.value == value
        assert measured.samples == 2_000_000
        assert measured.low is not None
        assert low * 0.998 < measured.low < low


def test_the_ranks_of_many_samples_are_found_at_once() -> None:
    low, high = ranks(20_000_000, Fraction(99, 100))
    assert low < 19_800_000 < high
    assert high - low < 2_000
