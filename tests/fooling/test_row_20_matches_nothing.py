"""Row 20: the subject of a gate (`of:`) matches no file, no test, no record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

REASONS = {
    "no-file": "no file matches data/*.json5",
    "no-record": "data/empty.jsonl has no record",
    "blank": "data/blank.json has no record",
    "one-empty": "data/empty.jsonl has no record",
    "no-test": "no test matches tests/gone",
    "no-marked": "no test matches marker:gone",
    "no-named": "no test matches name:gone",
    "no-benchmark": "no benchmark matches tests/unit",
    "no-source": "no Python file matches lib",
    "no-code": "no statement to cover",
}


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_a_gate_that_matches_nothing_is_unmeasured(shop: Project, workers: tuple[str, ...]) -> None:
    shop.write("schemas/row.json", '{"type": "object"}')
    shop.write("data/empty.jsonl", "")
    shop.write("data/blank.json", " \n")
    shop.write("data/full.jsonl", '{"a": 1}\n')
    shop.write("empty/nothing.py", "# only a remark\n")
    shop.spec(
        """
        spec: x
        gates:
          - {id: no-file, conforms: schemas/row.json, of: "data/*.json5"}
          - {id: no-record, conforms: schemas/row.json, of: data/empty.jsonl}
          - {id: blank, conforms: schemas/row.json, of: data/blank.json}
          - {id: one-empty, conforms: schemas/row.json, of: "data/*.jsonl"}
          - {id: no-test, tests: all pass, of: tests/gone}
          - {id: no-marked, tests: all pass, of: marker:gone}
          - {id: no-named, tests: all pass, of: name:gone}
          - {id: no-benchmark, latency: p95 < 1 s, of: tests/unit}
          - {id: no-source, coverage: ">= 1%", of: lib}
          - {id: no-code, coverage: ">= 1%", of: empty}
          - {id: full, conforms: schemas/row.json, of: data/full.jsonl}
        """
    )
    outcome = shop.run(*workers)
    for name, reason in REASONS.items():
        gate = outcome.gate(f"::{name}")
        assert (gate["status"], gate["blocking"]) == ("unmeasured", True), name
        assert reason in gate["sentence"]
        assert outcome.junit[f"specs.x.spec.yaml::{name}"] == "failure"
    assert outcome.gate("::full")["status"] == "passed"
    assert outcome.junit["specs.x.spec.yaml::full"] == "passed"
    assert (outcome.verdict, outcome.exit) == ("failed", 1)
    assert outcome.junit_failures == len(REASONS)
