"""Levels, stages and waivers: from judged checks to the verdict of a gate."""

from __future__ import annotations

import datetime

import pytest

from pytest_specgates import pipeline
from pytest_specgates.judge import policy
from pytest_specgates.model import Gate, Measurement, Value, absence

KINDS = pipeline.kinds()
SPEC = """
spec: x
gates:
  - exists: a
    id: gate
    level: {level}
    reason: because
waivers:
  - gate: "{pattern}"
    owner: ana
    reason: later
    expires: 2026-06-30
"""
DAY = datetime.date(2026, 6, 30)
MISS = Measurement((Value("a", 1),))


def gate(level: str = "must", pattern: str = "gate") -> Gate:
    text = SPEC.replace("{level}", level).replace("{pattern}", pattern)
    file = pipeline.load({"x.spec.yaml": text}, KINDS).files["x.spec.yaml"]
    assert file.all_errors == []
    return file.gates[0]


def bare(level: str) -> Gate:
    text = SPEC.partition("waivers:")[0].replace("{level}", level)
    return pipeline.load({"x.spec.yaml": text}, KINDS).files["x.spec.yaml"].gates[0]


@pytest.mark.parametrize(("days", "status"), [(-1, "waived"), (0, "waived"), (1, "failed")])
def test_a_waiver_holds_through_its_last_day(days: int, status: str) -> None:
    verdict = pipeline.judge(gate(), [MISS], DAY + datetime.timedelta(days))
    assert verdict.status == status
    assert verdict.blocking is (status == "failed")


def test_a_waiver_lets_no_error_pass_and_needs_none_to_pass() -> None:
    broken = pipeline.judge(gate(), [absence("broke", status="error")], DAY)
    assert (broken.status, broken.blocking) == ("error", True)
    good = pipeline.judge(gate(), [Measurement((Value("a", 0),))], DAY)
    assert (good.status, good.waiver) == ("passed", None)


@pytest.mark.parametrize("pattern", ["gate", "ga*", "*"])
def test_a_waiver_names_gates_by_pattern(pattern: str) -> None:
    assert pipeline.judge(gate(pattern=pattern), [MISS], DAY).status == "waived"


@pytest.mark.parametrize(("level", "blocking"), [("must", True), ("should", False), ("may", False)])
@pytest.mark.parametrize("status", ["unmeasured", "unattested", "unbound", "error"])
def test_only_must_blocks(level: str, blocking: bool, status: str) -> None:
    nothing = absence("why", status=status)  # type: ignore[arg-type]  # a parameter is any text
    verdict = pipeline.judge(bare(level), [nothing], DAY)
    assert (verdict.status, verdict.blocking) == (status, blocking)
    assert blocking or f"(level {level}: because)" in verdict.sentence


def test_the_worst_check_is_the_verdict_of_a_gate() -> None:
    text = "spec: x\ngates:\n  - command: a\n    must: exit 0 within 1 s\n"
    one = pipeline.load({"x.spec.yaml": text}, KINDS).files["x.spec.yaml"].gates[0]
    fine, slow = Measurement((Value("a", 0),)), Measurement((Value("a", 2),))
    assert pipeline.judge(one, [fine, slow], DAY).status == "failed"
    assert pipeline.judge(one, [absence("?"), slow], DAY).status == "failed"
    assert pipeline.judge(one, [absence("?"), fine], DAY).status == "unmeasured"
    assert pipeline.judge(one, [fine, fine], DAY).status == "passed"


def test_a_gate_that_nobody_bound_says_how_to_bind_it() -> None:
    text = "spec: x\nvalidation:\n  - Frobs frobbed\n"
    one = pipeline.load({"x.spec.yaml": text}, KINDS).files["x.spec.yaml"].gates[0]
    verdict = policy.unbound(one, DAY)
    assert (verdict.status, verdict.blocking) == ("unbound", True)
    assert '- "Frobs frobbed": {' in verdict.next_step


def test_a_waiver_lets_an_unbound_criterion_pass() -> None:
    waiver = "{gate: '*frobs*', owner: ana, reason: later, expires: 2026-06-30}"
    text = f"spec: x\nvalidation:\n  - Frobs frobbed\nwaivers: [{waiver}]\n"
    one = pipeline.load({"x.spec.yaml": text}, KINDS).files["x.spec.yaml"].gates[0]
    assert policy.unbound(one, DAY).status == "waived"
    assert policy.unbound(one, DAY + datetime.timedelta(1)).status == "unbound"
