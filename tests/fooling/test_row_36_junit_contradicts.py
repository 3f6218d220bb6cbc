"""Row 36: the JUnit file says that nothing failed while the exit code says that it did."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

PREFIX = "specs.x.spec.yaml::"
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
EXPECTED = {
    "low": ("passed", False, "passed"),
    "high": ("failed", True, "failure"),
    "gone": ("unmeasured", True, "failure"),
    "broken": ("error", True, "failure"),
    "line": ("failed", True, "failure"),
    "signed": ("unattested", True, "failure"),
    "wish": ("failed", False, "skipped"),
    "hope": ("unmeasured", False, "skipped"),
    "later": ("deferred", False, "skipped"),
    "excused": ("waived", False, "skipped"),
    "the-customer-smiles": ("unbound", True, "failure"),
}


@workers
def test_every_gate_is_a_testcase_with_its_verdict(shop: Project, workers: tuple[str, ...]) -> None:
    shop.write("data/row.json", "{}")
    soon = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(9)
    shop.spec(
        """
        spec: x
        gates:
          - {id: low, coverage: ">= 90%", of: src}
          - {id: high, coverage: ">= 95%", of: src}
          - {id: gone, tests: all pass, of: tests/gone}
          - {id: broken, conforms: schemas/gone.json, of: data/row.json}
          - {id: line, command: python -c "raise SystemExit(3)"}
          - {id: signed, attested: code-review}
          - {id: wish, exists: NOWHERE.md, level: should}
          - {id: hope, tests: all pass, of: tests/gone, level: may}
          - {id: later, exists: NOWHERE.md, stage: post-deploy}
          - {id: excused, exists: NOWHERE.md}
        quality_gates:
          - The customer smiles
        waivers:
          - {gate: excused, owner: ann, reason: not yet, expires: DAY}
        """.replace("DAY", str(soon))
    )
    outcome = shop.run(*workers)
    found = {
        gate["nodeid"].rpartition("::")[2]: (gate["status"], gate["blocking"])
        for gate in outcome.report["gates"]
    }
    assert found == {name: (status, blocks) for name, (status, blocks, _) in EXPECTED.items()}
    told = {name.rpartition("::")[2]: v for name, v in outcome.junit.items() if PREFIX[:-2] in name}
    assert told == {name: junit for name, (_, _, junit) in EXPECTED.items()}
    assert outcome.junit_failures == sum(blocks for _, blocks, _ in EXPECTED.values())
    assert (outcome.verdict, outcome.exit) == ("failed", 1)


@pytest.mark.parametrize(
    ("floor", "status", "junit", "exit_code"),
    [("90", "passed", "passed", 0), ("95", "failed", "failure", 1)],
)
def test_one_gate_decides_both(
    shop: Project, floor: str, status: str, junit: str, exit_code: int
) -> None:
    shop.spec(f"spec: x\ngates:\n  - {{id: floor, coverage: '>= {floor}%', of: src}}\n")
    outcome = shop.run()
    assert (outcome.gate("floor")["status"], outcome.junit[f"{PREFIX}floor"]) == (status, junit)
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == (
        status,
        exit_code,
        exit_code,
    )


def test_the_floor_of_the_coverage_report_contradicts_itself(shop: Project) -> None:
    outcome = shop.run_bare("--cov=src", "--cov-fail-under=95")
    assert (outcome.exit, outcome.junit_failures) == (1, 0)


def test_a_spec_with_an_error_is_in_both(shop: Project) -> None:
    shop.spec("spec: x\ngates:\n  - {coverige: '>= 90%', of: src}\n")
    outcome = shop.run()
    assert outcome.verdict == "failed"
    assert outcome.exit != 0
    assert outcome.junit_failures == 1
