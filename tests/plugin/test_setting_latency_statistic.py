"""The ini setting specgates_latency_statistic."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Project

SPEC = """\
spec: x
validation:
  - Response time < 1 s
  - p99 latency < 1 s
"""
BENCHMARK = """
def test_it(benchmark):
    benchmark.pedantic(lambda: None, rounds=5)
"""


def test_latencies_that_name_none_are_judged_by_it(shop: Project) -> None:
    shop.spec(SPEC)
    shop.write("tests/test_speed.py", BENCHMARK)
    shop.config("testpaths = tests\nspecgates_latency_statistic = median\n")
    result = shop.run()
    gate, other = result.report["gates"]
    assert gate["reading"].startswith("latency: median < 1 s (statistic not stated: median used)")
    assert "median latency < 1 s" in gate["required"]
    assert gate["status"] == "passed"
    assert other["reading"].startswith("latency: p99 < 1 s")


def test_it_is_p95_unless_set(shop: Project) -> None:
    shop.spec(SPEC)
    assert "p95 used" in shop.run().report["gates"][0]["reading"]


def test_a_statistic_that_is_none_is_a_usage_error(shop: Project) -> None:
    shop.spec(SPEC)
    shop.config("specgates_latency_statistic = p95th\n")
    result = shop.run()
    assert result.exit == 4
    assert 'specgates_latency_statistic: latency has no statistic "p95th"' in result.output
