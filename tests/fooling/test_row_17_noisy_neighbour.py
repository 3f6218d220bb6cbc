"""Row 17: another program on the machine makes one call slow.

Nothing is measured again. What can be shown: a statistic is taken of all samples as they are.
None is thrown away as an outlier, and a percentile is not moved by one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::"


@pytest.mark.parametrize(
    ("outliers", "failing"),
    [(0, []), (1, ["max", "mean"]), (2, ["max", "mean"]), (3, ["max", "mean", "p95"])],
)
def test_every_sample_counts_and_none_more_than_it_should(
    clocked: Project, outliers: int, failing: list[str]
) -> None:
    clocked.write("times.json", json.dumps([0.25] * (59 - outliers) + [16.0] * outliers))
    clocked.spec(
        """
        spec: x
        gates:
          - {id: max, latency: max < 500 ms}
          - {id: mean, latency: mean < 500 ms}
          - {id: median, latency: median < 500 ms}
          - {id: p95, latency: p95 < 500 ms}
        """
    )
    outcome = clocked.run()
    for name in ("max", "mean", "median", "p95"):
        gate = outcome.gate(f"::{name}")
        assert gate["status"] == ("failed" if name in failing else "passed"), gate["sentence"]
        assert gate["checks"][0]["samples"] == 59
        assert outcome.junit[JUNIT + name] == ("failure" if name in failing else "passed")
    assert outcome.gate("::p95")["checks"][0]["value"] == (16.0 if "p95" in failing else 0.25)
    assert (outcome.verdict, outcome.exit) == (("failed", 1) if failing else ("passed", 0))
    assert outcome.junit_failures == len(failing)
