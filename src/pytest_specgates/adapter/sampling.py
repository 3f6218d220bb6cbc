"""Asking pytest-benchmark for the samples that gates need, and taking them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

from ..measure.benchmarks import fewest_samples
from ..measure.tests import selector
from ..model import Gate, Samples, TestRef

Plan = list[tuple[Callable[[TestRef], bool], int, bool]]
"""For each latency or throughput check: which tests, how many samples, one call in each."""


def plan_of(gates: Sequence[Gate]) -> Plan:
    plan: Plan = []
    for gate in gates:
        for check in gate.checks:
            if check.kind not in ("latency", "throughput"):
                continue
            single = check.statistic is not None and check.statistic not in ("mean", "median")
            fewest = fewest_samples(check.statistic)
            plan.extend((selector(subject), fewest, single) for subject in check.subject or ("",))
    return plan


def needed(gates: Sequence[Gate], refs: Iterable[TestRef]) -> dict[str, tuple[int, bool]]:
    """What each benchmark has to take for the gates, by node id: how many samples, and whether
    one call in each."""
    plan = plan_of(gates)
    found = {}
    for ref in refs:
        wanted = [(fewest, single) for matches, fewest, single in plan if matches(ref)]
        if wanted:
            found[ref.nodeid] = (max(n for n, _ in wanted), any(s for _, s in wanted))
    return found


def ask(item: pytest.Item, ref: TestRef, plan: Plan) -> None:
    """Give a benchmark the marker that makes it take the samples that the plan needs."""
    wanted = [(fewest, single) for matches, fewest, single in plan if matches(ref)]
    if not wanted:
        return
    marker = item.get_closest_marker("benchmark")
    options: dict[str, Any] = dict(marker.kwargs) if marker else {}
    default = getattr(item.config.option, "benchmark_min_rounds", 5)
    fewest = max(n for n, _ in wanted)
    options["min_rounds"] = max(fewest, int(options.get("min_rounds", default)))
    if any(single for _, single in wanted):
        # Calibration would batch the calls, and a batch averages its tail away.
        options["min_time"] = 0.0
        options["calibration_precision"] = 1e-9
    item.add_marker(pytest.mark.benchmark(**options), append=False)


def taken(item: pytest.Item) -> Samples | None:
    """The samples that the test's benchmark fixture has taken, or None."""
    fixture = getattr(item, "funcargs", {}).get("benchmark")
    metadata = getattr(fixture, "stats", None)
    stats = getattr(metadata, "stats", None)
    data = getattr(stats, "data", None)
    if not data or getattr(fixture, "has_error", False):
        return None
    iterations = int(getattr(metadata, "iterations", 1) or 1)
    return Samples(tuple(float(x) for x in data), iterations)
